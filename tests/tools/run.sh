#!/usr/bin/env bash
# Golden runs of the programs: every tests/tools/<verb>/*.sh, each in a fresh folder under
# `bash -eu -o pipefail`, with BIN (folder of the programs) and HERE (folder of the script) set.
# Arguments select by verb or verb/name. Prints the output of what failed; last line: the count.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../../build/check/tools}" && pwd)
export BIN LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT
passed=0 failed=0
for script in "$here"/*/*.sh; do
  [[ -e $script ]] || continue
  name=${script#"$here"/}
  name=${name%.sh}
  if (($# > 0)); then
    wanted=no
    for argument in "$@"; do [[ $name == "$argument" || ${name%%/*} == "$argument" ]] && wanted=yes; done
    [[ $wanted == yes ]] || continue
  fi
  folder="$work/$name"
  mkdir -p "$folder"
  HERE=$(dirname "$script")
  export HERE
  # The trace goes another way: what a function of a script says on stderr is its program's alone.
  if (cd "$folder" && BASH_XTRACEFD=9 bash -eu -o pipefail -x "$script") \
    >"$work/output" 2>&1 9>&1 </dev/null; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED tools/$name"
    tail -40 "$work/output" | sed 's/^/    /'
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
