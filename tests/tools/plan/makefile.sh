# The Makefile around a plan, with stand-ins for the programs that it plans for.
cp "$HERE/../../../Makefile" .
mkdir -p experiments build programs tools
touch CMakeLists.txt tools/CMakeLists.txt
ln -s "$BIN/attune-plan" programs/
for verb in convert sample train evaluate tabulate; do
  cat >"programs/attune-$verb" <<'PROGRAM'
#!/usr/bin/env bash
set -euo pipefail
if [[ $1 == --version ]]; then exec echo "on this machine"; fi
for ((i = 1; i <= $#; ++i)); do
  [[ ${!i} != --input ]] || { next=$((i + 1)); echo "input ${!next}" >>log; }
  [[ ${!i} == -o || ${!i} == --write ]] || continue
  next=$((i + 1))
  output=${!next}
  [[ ${!i} == -o ]] || output=${output#*=}
  mkdir -p "$(dirname "$output")"
  echo made >"$output"
done
PROGRAM
  chmod +x "programs/attune-$verb"
done
echo '{"title": "Toy", "pools": {"p": {"reader": "table", "input": "$(DATA)/rows.csv"}}, "tests": {"t": {}},
  "cells": [{"name": "c", "final": "none"}]}' >experiments/toy.json
# No compiler: the stamps say that all is built.
sleep 0.02; touch build/configured; sleep 0.02; touch build/built
toy() { make -s toy BIN="$PWD/programs" "$@"; }

# Folders of data under any name: make's own sign is doubled, as always on its command line.
for folder in '/a b/c' "it's" '-x' 'a"b' 'a#b' 'a;touch ran;b' '`touch ran`' 'a&b|c' "'; touch ran; '" 'a\b' 'grö*?[x]' '~'; do
  rm -rf results log
  [[ $(toy DATA="$folder" | tail -n 1) == made ]]
  [[ $(cat log) == "input $folder/rows.csv" ]]
done
rm -rf results log
toy DATA='a$$(touch ran)$$b' >/dev/null
[[ $(cat log) == 'input a$(touch ran)$b/rows.csv' ]]
rm -rf results log
DATA="of the environment's" toy >/dev/null
[[ $(cat log) == "input of the environment's/rows.csv" ]]
[[ ! -e ran && $(cat results/local/rows/toy/made-with.txt) == 'on this machine' ]]
[[ $(find results -name '.attune*' -o -name '*.part' | wc -l) == 0 ]]

# A plan that a killed make of an older version left empty, or half, is made again.
plan=results/local/runs/plans/toy.mk
cp $plan whole.mk
for size in 0 10 300; do
  head -c $size whole.mk >$plan
  toy DATA=d >/dev/null
  cmp $plan whole.mk
done
: >$plan
make -n toy BIN="$PWD/programs" DATA=d >out
grep -q attune-plan out
toy DATA=d >/dev/null
toy -q DATA=d
# A failed write of a plan leaves the one before.
echo '{"title"' >experiments/toy.json
! toy DATA=d 2>err
cmp $plan whole.mk

# Experiments under names that the shell would read, or of our own goals, are left out, and said so.
mv whole.mk experiments/ # no JSON file: nobody's
echo '{"title": "\u001b", "x": 1}' >'experiments/$(touch ran).json'
for name in 'a;touch ran' '`touch ran`' 'a b' '-x' check; do cp 'experiments/$(touch ran).json' "experiments/$name.json"; done
make help >out 2>err
[[ $(sed '1,/^Experiments/d; /^$/,$d' out | wc -l) == 1 ]]
grep -q '^  toy ' out
[[ $(grep -c 'left out' err) == 1 ]]
grep -qF 'check.json' err
mkdir -p 'results/rows/$(touch ran)'
touch 'results/rows/$(touch ran)/a.tsv.gz'
make -s tables BIN="$PWD/programs" JOBS=1 >out 2>&1 || true
make -s -n smoke BIN="$PWD/programs" >out 2>&1 || true
[[ ! -e ran ]]
# A folder that rules can't name.
! make toy RESULTS='a b' 2>err
grep -qF 'RESULTS: want a folder without spaces' err
