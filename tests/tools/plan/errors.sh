# Wrong use ends with 2 and one line that names the place; nothing is written.
refused() {
  local status=0
  "$BIN/attune-plan" "$@" >out 2>err || status=$?
  [[ $status == 2 && ! -s out ]]
  [[ $(wc -l <err) == 1 ]]
  grep -q '^attune-plan: error: ' err
}
echo '{"title": "T", "pools": {"p": {"reader": "glyphs"}}, "tests": {"t": {"wayz": 5}},
       "cells": [{"name": "c"}]}' >toy.json
refused toy.json
grep -q 'toy.json: tests.t.wayz' err
grep -q 'ways' err
refused --results 'a b' --set tests.t=5 toy.json
refused toy.json --no-such-option
refused
sed -i 's/wayz/ways/' toy.json
refused --steps -1 toy.json
grep -q -- '--steps: want 0 to .*, have -1' err
refused --results 'a b' toy.json
[[ $(ls) == $'err\nout\ntoy.json' ]]
status=0
"$BIN/attune-plan" missing.json >out 2>err || status=$?
[[ $status == 1 ]]
grep -q missing.json err

# Data that must be named: the rule says what it wants.
echo '{"title": "T", "pools": {"p": {"reader": "omniglot", "input": "$(DATA)", "needs": "it'"'"'s a folder"}},
       "tests": {"t": {}}, "cells": [{"name": "c"}]}' >toy.json
"$BIN/attune-plan" toy.json >toy.mk
mkdir programs
for verb in convert sample train evaluate tabulate; do touch "programs/attune-$verb"; done
! make -f toy.mk BIN=programs 2>err
grep -q 'want DATA=<folder>: it.*s a folder' err
