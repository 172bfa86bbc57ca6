# What rows say of how they came about: in notes, in marks, and in what is refused.
. "$HERE/../tiny.sh"
head='cell trained_on seed test episode_file model ways shots queries episode accuracy loss split mode tested_on tested_pool trained_pool config bits'
a=aaaaaaaaaaaaaaaa b=bbbbbbbbbbbbbbbb
# rows CELL [NAME=VALUE…]: four episodes of nine answers, sealed. Names are those of the columns.
rows() {
  local cell=$1 pair
  local trained_on=p:train seed=0 model=${1}0000 split=test mode=inductive trained_pool=$a config=$a bits=avx2
  shift
  for pair in "$@"; do local "${pair?}"; done
  {
    tr ' ' '\t' <<< "$head"
    for episode in 0 1 2 3; do
      printf '%s\t' "$cell" "$trained_on" "$seed" 3w1s eeee "$model" 3 1 3 $episode \
        "$(awk "BEGIN { printf \"%.6f\", (4 + $episode) / 9 }")" 0.5 "$split" "$mode" p "$a" "$trained_pool" "$config"
      printf '%s\n' "$bits"
    done
  } > part
  cat part
  echo "#end rows=4 sha256=$(sha256sum < part | cut -d ' ' -f 1)"
}
tabulate() { "$BIN/attune-tabulate" "$@"; }

# The note on the test is the rows'; an experiment that says otherwise is refused.
echo '{"title": "T", "pools": {"x": {"reader": "table", "input": "rows.csv"}}, "cells": [{"name": "c"}],
       "tests": {"3w1s": {"ways": 3, "queries": 3, "episodes": 4}}}' > toy.json
rows c > c.tsv
tabulate c.tsv > plain.md
grep -qF '3 queries per class, test classes of p; episode file eeee.' plain.md
[[ $(grep -c '^- ' plain.md) == 2 ]]
tabulate --experiment toy.json c.tsv | grep -qF 'test classes of p;'
rows c split=train > leak.tsv
tabulate leak.tsv | grep -qF 'train classes of p;'
fails 1 'split: want episodes of test as in experiment toy, have rows of train' \
  "$BIN/attune-tabulate" --experiment toy.json leak.tsv
rows c mode=transductive > t.tsv
fails 1 'mode: want inductive as in experiment toy, have rows that are transductive' \
  "$BIN/attune-tabulate" --experiment toy.json t.tsv

# Two pools of one title, two configurations, two modes are no seeds of one cell.
rows c seed=1 model=m1 > c1.tsv
tabulate c.tsv c1.tsv | grep -qE '^\| c +\| p +\| train \| 2 '
rows c seed=1 model=m1 trained_pool=$b > pool.tsv
fails 1 "cell c: want one pool trained on .*$a .*$b .*attune-evaluate --cell" "$BIN/attune-tabulate" c.tsv pool.tsv
rows c seed=1 model=m1 config=$b > config.tsv
fails 1 "cell c: want one configuration .*$a .*$b .*--cell" "$BIN/attune-tabulate" c.tsv config.tsv
rows c seed=1 model=m1 mode=transductive > mode.tsv
fails 1 "cell c: want one mode of testing .*inductive .*transductive" "$BIN/attune-tabulate" --pairs c.tsv mode.tsv
rows other trained_pool=$b config=$b > other.tsv
tabulate c.tsv other.tsv | grep -c '^| [co]' | grep -qx 2

# Transductive rows are marked in each table.
rows d mode=transductive > d.tsv
for table in '' --pairs --costs --noise; do
  tabulate $table c.tsv d.tsv > marked.md
  grep -qF '| d (transductive)' marked.md
  grep -q '^- Transductive: .*support and queries together' marked.md
done
tabulate --format tsv c.tsv d.tsv > marked.tsv
grep -q $'^d (transductive)\tp\ttrain\t1\t' marked.tsv
tabulate --against marked.tsv c.tsv d.tsv | grep -cF 'plain: old side is a table' | grep -qx 2
tabulate --format tsv c.tsv | sed 's/^c/d/' > unmarked.tsv
tabulate --against unmarked.tsv d.tsv | grep -qF '| d (transductive) | 3w1s | plain: old side is a table |'

# So are models tested on classes that they were trained on.
rows cheat trained_on=p:train+test > cheat.tsv
for table in '' --pairs; do
  tabulate $table c.tsv cheat.tsv > cheat.md
  grep -qF '| cheat † ' cheat.md
  grep -qxF -- '- † tested on classes that it was trained on, and so never bold: cheat (3w1s).' cheat.md
done

# Classes of bits are named where there are several; rows of older versions lack all that.
rows e bits=avx512 > e.tsv
cut -f 1-12 c.tsv | grep -v '^#end' | sed 's/^c\t/f\t/' > f.tsv
tabulate c.tsv e.tsv d.tsv f.tsv > bits.md
grep -qxF -- '- Rows by class of bits: avx2: c, d; avx512: e; not recorded: f.' bits.md
grep -q '^- Split, mode .* are not recorded, rows of an older version: f\.$' bits.md
tabulate f.tsv > old.md
grep -qF 'split not recorded; episode file eeee.' old.md
[[ $(grep -c 'not recorded' old.md) == 2 ]]

# A picture names them too.
side() { printf '{"multiply_adds_after_encoding": 3000000, "own_pool": true}' > "$1.cost.json"; }
side c.tsv
side d.tsv
"$BIN/attune-plot" cost -o cost.svg c.tsv d.tsv
grep -q '>d (transductive)<' cost.svg

# Rows that say half of it, or nonsense.
sed 's/\tmode\t/\tmood\t/' c.tsv | grep -v '^#end' > half.tsv
fails 1 'half.tsv' "$BIN/attune-tabulate" half.tsv
rows c mode=both > both.tsv
fails 1 'both.tsv: line 2: mode: want inductive or transductive, have both' "$BIN/attune-tabulate" both.tsv
rows c config=short > short.tsv
fails 1 'config: want 16 digits' "$BIN/attune-tabulate" short.tsv
