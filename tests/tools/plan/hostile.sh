# Nothing that an experiment says, nor what its file is called, runs a command: it is refused, with
# the file and the key.
printf 'a,label\n1,x\n2,y\n' >rows.csv
experiment() { # reader input split
  printf '{"title": "T", "pools": {"p": {"reader": "%s", "input": "%s", "needs": "$(shell touch ran) `touch ran` %s"}},
    "tests": {"t": {"ways": 2, "split": "%s"}}, "cells": [{"name": "c", "final": "none"}]}\n' \
    "$1" "$2" "'; touch ran; '" "$3"
}
refused() { # key, file
  local status=0
  "$BIN/attune-plan" "$2" >out 2>err || status=$?
  [[ $status == 2 && ! -s out && $(wc -l <err) == 1 ]]
  grep -qF "$2: $1: want" err
}
number=0
for evil in '$(shell touch ran)' 'x || touch ran; true' '`touch ran`' 'x; touch ran' '$$(touch ran)' '${shell touch ran}'; do
  number=$((number + 1))
  experiment "table$evil" rows.csv test >$number-reader.json
  refused pools.p.reader $number-reader.json
  experiment table "rows.csv$evil" test >$number-input.json
  refused pools.p.input $number-input.json
  experiment table rows.csv "test$evil" >$number-split.json
  refused tests.t.split $number-split.json
  experiment table rows.csv test >"e$evil.json"
  refused 'its file name' "e$evil.json" || grep -q '^attune-plan: error: experiment: want a path' err
done
[[ ! -e ran ]]

# The words of "needs" are only said.
experiment table '$(DATA)' test >toy.json
"$BIN/attune-plan" -o toy.mk toy.json
mkdir programs
for verb in convert sample train evaluate tabulate; do
  printf '#!/bin/sh\nexit 3\n' >"programs/attune-$verb"
  chmod +x "programs/attune-$verb"
done
make -n -f toy.mk BIN=programs >/dev/null
! make -f toy.mk BIN=programs >out 2>&1
grep -qF 'want DATA=<folder>: $(shell touch ran) `touch ran` ’; touch ran; ’' out
[[ ! -e ran ]]

# A list that holds something twice, and a test under the name of a validation.
toy='{"title": "T", "pools": {"p": {"reader": "glyphs"}}, "tests": {"%s": {}}, "validation": {"p": {"episodes": 9}},
  "cells": [{"name": "c"}], "seeds": %s}\n'
printf "$toy" t '[0, 1, 0]' >seeds.json
refused seeds seeds.json
printf "$toy" val-p '[0]' >val.json
status=0
"$BIN/attune-plan" --results none val.json >out 2>err || status=$?
[[ $status == 2 && ! -s out && ! -e none ]]
grep -q 'val: validation.p: .*val: tests.val-p' err
printf "$toy" t '[0]' >fine.json
"$BIN/attune-plan" fine.json >out
[[ $(tail -n 1 out) == '# end of plan' ]]

# Rows under such names.
mkdir -p results/rows/fine
touch 'results/rows/fine/a$(touch ran).tsv.gz'
status=0
"$BIN/attune-plan" --tables fine.json >out 2>err || status=$?
[[ $status == 1 && ! -s out && ! -e ran ]]
grep -qF 'a$(touch ran).tsv.gz' err
