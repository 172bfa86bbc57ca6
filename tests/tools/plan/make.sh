# The rules of a plan, run with stand-ins for the programs: what is made, and made again when.
"$BIN/attune-plan" --help >help
grep -q 'attune-plan .*experiments/glyphs.json' help
"$BIN/attune-plan" --version | grep -q attune-plan

mkdir programs
for verb in convert sample train evaluate tabulate; do
  cat >"programs/attune-$verb" <<'PROGRAM'
#!/usr/bin/env bash
set -euo pipefail
program=${0##*/}
if [[ $1 == --version ]]; then exec echo "$program on this machine"; fi
for ((i = 1; i < $#; ++i)); do
  [[ ${!i} == -o || ${!i} == --write ]] || continue
  next=$((i + 1))
  output=${!next}
  [[ ${!i} == -o ]] || output=${output#*=}
  echo "$program $output" >>log
  mkdir -p "$(dirname "$output")"
  date +%N >"$output"
done
PROGRAM
  chmod +x "programs/attune-$verb"
done
cat >toy.json <<'JSON'
{"title": "Toy",
 "pools": {"letters": {"reader": "glyphs"}},
 "tests": {"5w1s": {"queries": 5}, "20w1s": {"ways": 20, "queries": 5}},
 "validation": {"letters": {"episodes": 10}},
 "base": {"train": {"steps": 10}},
 "cells": [{"name": "floor", "final": "none"}, {"name": "one"}]}
JSON
build() {
  "$BIN/attune-plan" --results out toy.json >toy.mk
  : >log
  make -s -f toy.mk BIN=programs "$@"
}

build
# 1 pool; 2 tests and 1 validation; floor, search, final; 2 cells x 2 tests; 4 tables
[[ $(wc -l <log) == 15 ]]
[[ $(grep -c attune-train log) == 3 ]]
[[ $(cat out/rows/toy/made-with.txt) == 'attune-evaluate on this machine' ]]
head -1 log | grep -qx 'attune-convert out/runs/pools/letters/pool.h5'
[[ $(tail -n 4 log | grep -c 'attune-tabulate out/tables/toy') == 4 ]]

# Nothing changed: nothing to do, also after planning again.
build
[[ ! -s log ]]
make -q -f toy.mk BIN=programs

# Another title: only the tables.
sleep 0.02
sed -i 's/"Toy"/"Toys"/' toy.json
build
[[ $(sort -u log | wc -l) == 4 ]]
[[ $(grep -c tabulate log) == 4 ]]

# One more seed of one cell: its runs and rows, then the tables.
sleep 0.02
sed -i 's/{"name": "one"}/{"name": "one", "seeds": [0, 1]}/' toy.json
build -j2
[[ $(grep -c attune-train log) == 2 ]]
[[ $(grep -c one-s1 log) == 4 ]]
! grep -q 's0' log

# Another setting of the base: all is trained anew, but neither pool nor episodes are.
sleep 0.02
sed -i 's/"steps": 10/"steps": 11/' toy.json
build
[[ $(grep -c attune-train log) == 5 ]]
! grep -q -e convert -e sample log

# A file that is lost comes back, with what depends on it: one stage, then another.
rm out/runs/toy/one-s0/search.h5
build
[[ $(grep -c attune-train log) == 2 && $(grep -c one-s0 log) == 4 && $(wc -l <log) == 8 ]]
rm out/rows/toy/floor-s0.5w1s.tsv.gz
build
[[ $(wc -l <log) == 5 ]]
