#!/usr/bin/env bash
# Fuzzes every parser: run.sh FOLDER SECONDS [name…] with the programs of FOLDER, JOBS at a time, each
# until it has made RUNS executions (10 million) or its seconds are over (1200 are enough for the slow
# ones). Starts from the committed corpus, from files that BIN's programs write and from FOLDER/corpus,
# which grows. What went wrong stays in FOLDER/<name>.failed…; RECORD=<file> gets one line per parser, and
# RECORD.ledger keeps those of parsers that made their executions or 1200 seconds: a run that was stopped
# goes on, and fuzzes none again whose sources are the same.
# Last line: the count.
# run.sh FOLDER pack: what these have found, minimised, becomes the committed corpus.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "${1:?usage: run.sh FOLDER SECONDS|pack [name…]}" && pwd)
seconds=${2:?usage: run.sh FOLDER SECONDS|pack [name…]}
shift 2
BIN=$(cd "${BIN:-$here/../../build/tools}" && pwd)
export BIN
names=("$@")
if ((${#names[@]} == 0)); then
  for source in "$here"/*.cpp; do [[ $source == *_test.cpp ]] || names+=("$(basename "$source" .cpp)"); done
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
. "$here/seeds.sh"
mkdir committed
if [[ -e $here/corpus.tar.gz ]]; then tar -xzf "$here/corpus.tar.gz" -C committed; fi
for name in "${names[@]}"; do mkdir -p "$folder/corpus/$name" "committed/$name"; done
# HDF5 1.10 itself loses a few hundred bytes whenever it refuses a damaged file.
export LSAN_OPTIONS=suppressions=$here/../lsan.supp:print_suppressions=0

# Lines of text show all their kinds in a few KiB; longer ones only take time.
longest() { case $1 in report | rows | table | catalogue | tokens | vectors) echo 4096 ;; *) echo 65536 ;; esac; }
goal=${RUNS:-10000000}

# What is fuzzed: a parser's harness and all that is linked with it.
key_of() {
  (cd "$here/../.." && find lib -type f -print0 | sort -z | xargs -0 cat
    cat "$here/$1.cpp" "$here"/*.hpp) | sha256sum | cut -c 1-16
}
kept() { grep -s "^$(key_of "$1")"$'\t'"$1"$'\t' "${RECORD:-/dev/null}.ledger" | tail -n 1 | cut -f 2- | grep .; }

fuzz() {
  if [[ -n ${RECORD:-} ]] && kept "$1" > "$1.result"; then return; fi
  local name=$1 status=0 leaks=1 log="$folder/$1.log" begun=$SECONDS
  # Would look after every file that HDF5 refuses; the end of the run does.
  case $name in hdf5 | model | checkpoint) leaks=0 ;; esac
  "$folder/$name" -max_total_time="$seconds" -runs="$goal" -timeout=10 \
    -rss_limit_mb=1024 -max_len="$(longest "$name")" -detect_leaks=$leaks -print_final_stats=1 \
    -artifact_prefix="$folder/$name.failed." "$folder/corpus/$name" "committed/$name" "seeds/$name" \
    > "$log" 2>&1 || status=$?
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1 | grep . || echo 0)" \
    "$goal" "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1 | grep . || echo -)" "$status" "$((SECONDS - begun))" \
    > "$name.result"
  local runs took
  IFS=$'\t' read -r _ runs _ _ _ took < "$name.result"
  if [[ -n ${RECORD:-} ]] && ((status == 0 && (runs >= goal || took >= 1200))); then
    sed "s/^/$(key_of "$name")\t/" "$name.result" >> "$RECORD.ledger"
  fi
}

pack() {
  local largest=16384 name
  for name in "${names[@]}"; do
    mkdir -p "packed/$name"
    "$folder/$name" -merge=1 -max_len=$largest "packed/$name" "seeds/$name" "committed/$name" \
      "$folder/corpus/$name" > "$folder/$name.merge.log" 2>&1
    echo "$name: $(find "packed/$name" -type f | wc -l) files"
  done
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 -C packed -c \
    $(cd packed && find . -type f | sed 's|^\./||' | sort) | gzip -9n > "$here/corpus.tar.gz"
  stat -c '%n: %s bytes' "$here/corpus.tar.gz"
}
if [[ $seconds == pack ]]; then pack; exit; fi

for name in "${names[@]}"; do
  while (($(jobs -rp | wc -l) >= ${JOBS:-1})); do wait -n || true; done
  fuzz "$name" &
done
wait
passed=0 failed=0
: > record
for name in "${names[@]}"; do
  IFS=$'\t' read -r _ runs _ edges status took < "$name.result"
  if ((status == 0 && runs > 0)); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    grep -E 'ERROR|SUMMARY|Test unit written' "$folder/$name.log" || tail -5 "$folder/$name.log"
  fi
  printf 'fuzz/%-20s %12s executions, %6s edges (%d s)\n' "$name" "$runs" "$edges" "$took"
  cat "$name.result" >> record
done
if [[ -n ${RECORD:-} ]]; then cp record "$RECORD"; fi
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
