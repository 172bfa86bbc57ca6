# Sourced by the scripts of this folder, which run.sh starts with BIN (folder of the programs), HERE
# (this folder) and SCOPE (short or long) set, in a fresh folder.
passed=0 failed=0
. "$HERE/../tools/tiny.sh"

long() { [[ $SCOPE == long ]]; }
# by_scope SHORT LONG: the one of this run.
by_scope() { if long; then echo "$2"; else echo "$1"; fi; }

pass() { passed=$((passed + 1)); }
# wrong TEXT…: one check failed; some output of what failed may follow from stdin.
wrong() {
  failed=$((failed + 1))
  echo "WRONG: $*"
}
# check TEXT command…: passes when the command succeeds.
check() {
  local text=$1
  shift
  if "$@" > check.out 2>&1; then
    pass
  else
    wrong "$text"
    head -5 check.out | sed 's/^/    /'
  fi
  rm -f check.out
}
# Random numbers below $1, always the same: the seed is the script's. Sets `random`.
random_state=1
random_below() {
  random_state=$(((random_state * 16807) % 2147483647))
  random=$((random_state % $1))
}
digest() {
  local path
  for path in "$@"; do sha256sum < "$path" | cut -d ' ' -f 1; done | paste -sd ' '
}
# Names in this folder that no finished run leaves.
leftovers() { find "${1:-.}" -name '*.tmp' -o -name '*.state' -o -name '*.lock'; }

finish() {
  echo "$passed passed, $failed failed"
  ((passed > 0 && failed == 0))
}
