#!/usr/bin/env bash
# Kills, faults, damage and odd surroundings: every script of this folder, each in a fresh folder
# with BIN (folder of the programs), HERE (this folder) and SCOPE set.
# Arguments: short or long, then the names to run (default: all). Prints the count and the seconds
# of each; last line: the count of all. SKIPPED says what is missing on this machine. RECORD=<file>
# gets a line for each that was not skipped; RECORD.ledger keeps these lines, so that a run that was
# stopped goes on: what has passed with the same sources is not run again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../../build/tools}" && pwd)
SCOPE=${1:?usage: run.sh short|long [name…]}
[[ $SCOPE == short || $SCOPE == long ]] || { echo "run.sh: want short or long, have $SCOPE" >&2; exit 2; }
shift
HERE=$here
# Debian's programs, whatever stands before them.
export BIN HERE SCOPE LC_ALL=C.UTF-8 PATH=/usr/bin:/bin:$PATH
# Memory that nobody filled holds junk: what uses it shows.
export MALLOC_PERTURB_=90
unset MAKEFLAGS MAKELEVEL MFLAGS OPENBLAS_CORETYPE ONEDNN_MAX_CPU_ISA DNNL_MAX_CPU_ISA
work=$(mktemp -d)
chmod 755 "$work"  # places.sh works as another user there
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT
passed=0 failed=0
: > "$work/record"
# What a script's result depends on: the programs' sources, the script, and the helpers of all.
key_of() {
  (cd "$here/../.." && find lib tools CMakeLists.txt -type f -print0 | sort -z | xargs -0 cat
    find "$here" -type f ! -name '*.sh' -print0 | sort -z | xargs -0 cat
    cat "$1" "$here/common.sh" "$here/calls.sh"; echo "$SCOPE") | sha256sum | cut -c 1-16
}
for script in "$here"/*.sh; do
  name=$(basename "$script" .sh)
  [[ $name == run || $name == common || $name == calls || $name == table ]] && continue
  if (($# > 0)) && [[ " $* " != *" $name "* ]]; then continue; fi
  key=""
  if [[ -n ${RECORD:-} ]]; then
    key=$(key_of "$script")
    if kept=$(grep -s "^$key"$'\t'"$name"$'\t' "$RECORD.ledger" | tail -n 1 | cut -f 2-) && [[ -n $kept ]]; then
      IFS=$'\t' read -r _ good _ took _ <<< "$kept"
      passed=$((passed + good))
      printf '%-28s %4d passed, 0 failed (%d s, in an earlier run)\n' "reliability/$name" "$good" "$took"
      echo "$kept" >> "$work/record"
      continue
    fi
  fi
  mkdir "$work/$name"
  start=$SECONDS status=0
  (cd "$work/$name" && bash -eu -o pipefail "$script") > "$work/output" 2>&1 < /dev/null || status=$?
  read -r good bad <<< "$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/output" | tail -1)"
  if [[ -z ${good:-} ]]; then
    good=0 bad=0
    grep -q '^SKIPPED' "$work/output" || bad=1
  elif ((status != 0 && bad == 0)); then
    bad=1
  fi
  passed=$((passed + good)) failed=$((failed + bad))
  printf '%-28s %4d passed, %d failed (%d s)\n' "reliability/$name" "$good" "$bad" $((SECONDS - start))
  if ((bad > 0)); then tail -60 "$work/output"; else grep -E '^(SKIPPED|COUNT)' "$work/output" || true; fi
  if ! grep -q '^SKIPPED' "$work/output"; then
    printf '%s\t%d\t%d\t%d\t%s\n' "$name" "$good" "$bad" $((SECONDS - start)) \
      "$(sed -n 's/^COUNT //p' "$work/output" | paste -sd ';' | sed 's/;/; /g')" > "$work/line"
    cat "$work/line" >> "$work/record"
    if [[ -n $key ]] && ((bad == 0)); then sed "s/^/$key\t/" "$work/line" >> "$RECORD.ledger"; fi
  fi
  chmod -R u+rwX "$work/$name" && rm -rf "${work:?}/$name"
done
if [[ -n ${RECORD:-} ]]; then cp "$work/record" "$RECORD"; fi
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
