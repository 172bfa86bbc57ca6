#!/usr/bin/env bash
# Runs the test programs and the golden command-line runs of a build folder. Last line: the count
# over doctest cases and command-line tests; exit 1 when one failed. JOBS (default: all cores) of
# them at a time, but for those that kill, starve and damage.
set -euo pipefail
build=${1:?usage: tests/run.sh BUILD_FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$build" && pwd)
passed=0 failed=0
# Heard only in a build with the sanitizers.
export LSAN_OPTIONS=suppressions=$here/lsan.supp:print_suppressions=0

log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
# Ctrl-C: what runs beside this script doesn't hear it.
trap 'trap "" TERM; kill -TERM 0; exit 130' INT
programs=()
while IFS= read -r program; do programs+=("$program"); done \
  < <(find "$build/tests" -maxdepth 1 -type f -name 'test_*' -perm -u+x | sort)
for program in "${programs[@]}"; do
  while (($(jobs -rp | wc -l) >= ${JOBS:-$(nproc)})); do wait -n || true; done
  (cd "$build" && OMP_WAIT_POLICY=passive "$program" --no-colors &> "$log/$(basename "$program")" \
    || echo $? > "$log/$(basename "$program").status") &
done
wait
# A program that crashes prints no summary: it counts as one failure.
for program in "${programs[@]}"; do
  output="$log/$(basename "$program")"
  summary=$(sed -n 's/^\[doctest\] test cases: .*| *\([0-9]*\) passed | *\([0-9]*\) failed.*/\1 \2/p' \
    "$output" | tail -1)
  if [[ -z $summary ]]; then
    summary="0 1"
  elif [[ -e $output.status && ${summary#* } == 0 ]]; then
    summary="${summary% *} 1"  # e.g. a leak report after the last case
  fi
  read -r good bad <<<"$summary"
  passed=$((passed + good)) failed=$((failed + bad))
  printf '%-28s %4d passed, %d failed\n' "$(basename "$program")" "$good" "$bad"
  ((bad == 0)) || cat "$output"
done

# The scripts of a folder, whose last line is their count.
scripts() {
  local status=0
  good="" bad=""
  BIN="$build/tools" "$@" | tee "$log/scripts" || status=$?
  read -r good bad <<<"$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log/scripts" | tail -1)"
  if [[ -z ${good:-} ]]; then good=0 bad=1; fi
  if ((status != 0 && bad == 0)); then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
}
scripts "$here/tools/run.sh"
# Sanitizers are slow, and change what is preloaded and how a program ends.
kinds=()
if grep -q '^ATTUNE_SANITIZE:[A-Z]*=.' "$build/CMakeCache.txt"; then kinds=(damage numerics places); fi
scripts "$here/reliability/run.sh" short "${kinds[@]}"
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
