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
# Names below this folder that no finished run leaves: temporary files, locks, checkpoints, and members
# of a set that still wait for their names.
leftovers() {
  find "${1:-.}" -name '.attune-*' -o -name '*.state' -o -regex '.*\.json[l]?\.[0-9a-f]+'
}
# Of those, what a run that was told to stop leaves no more either.
temporaries() { find "${1:-.}" -name '.attune-*'; }
# digits COUNT TEXT: the first hex digits of its SHA-256.
digits() { printf %s "$2" | sha256sum | head -c "$1"; }
# The lock of an output, and a pattern of its temporary files.
lock_of() { echo "$(dirname "$1")/.attune-lock-$(digits 16 "$(basename "$1")")"; }
temporaries_of() { echo "$(dirname "$1")/.attune-$(digits 8 "$(basename "$1")")-*"; }
# Milliseconds of the clock.
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
# pause MILLISECONDS
pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }
# JSON member $2 of file $1, empty when it has none; an error when the file is no JSON.
member() { /usr/bin/python3 -SE -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2], ""))' "$1" "$2"; }

finish() {
  echo "$passed passed, $failed failed"
  ((passed > 0 && failed == 0))
}
