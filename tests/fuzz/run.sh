#!/usr/bin/env bash
# Fuzzes every parser: run.sh FOLDER SECONDS [name…] with the programs of FOLDER, each so long. Starts
# from the files that BIN's programs write and from a corpus kept in FOLDER/corpus, which grows. What
# went wrong stays in FOLDER/<name>.failed. Last line: the count.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "${1:?usage: run.sh FOLDER SECONDS [name…]}" && pwd)
seconds=${2:?usage: run.sh FOLDER SECONDS [name…]}
shift 2
BIN=$(cd "${BIN:-$here/../../build/tools}" && pwd)
export BIN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder/corpus" && cd "$work"
. "$here/seeds.sh"
passed=0 failed=0
for source in "$here"/*.cpp; do
  name=$(basename "$source" .cpp)
  if (($# > 0)) && [[ " $* " != *" $name "* ]]; then continue; fi
  mkdir -p "$folder/corpus/$name" "seeds/$name"
  log="$folder/$name.log"
  # HDF5 1.10 itself loses a few hundred bytes whenever it refuses a damaged file.
  leaks=1
  [[ $name != hdf5 ]] || leaks=0
  if ASAN_OPTIONS=detect_stack_use_after_return=1 "$folder/$name" -max_total_time="$seconds" \
    -timeout=10 -rss_limit_mb=1024 -max_len=65536 -detect_leaks=$leaks -print_final_stats=1 \
    -artifact_prefix="$folder/$name.failed." "$folder/corpus/$name" "seeds/$name" > "$log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    grep -E 'ERROR|SUMMARY|Test unit written' "$log" || tail -5 "$log"
  fi
  printf 'fuzz/%-20s %12s executions, %6s edges\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)"
done
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
