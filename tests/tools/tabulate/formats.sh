# One set of rows in all formats; rows from several files, from stdin, compressed; same bytes twice.
"$BIN/attune-tabulate" --help | grep -q 'attune-tabulate --against'
"$BIN/attune-tabulate" --version | grep -q attune-tabulate
head='cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss'
rows() { # cell accuracies…
  local cell=$1 episode=0
  shift
  printf "$head\n"
  for accuracy in "$@"; do
    printf '%s\tglyphs:train\t0\t5w1s\t00aa11bb22cc33dd\tmodel%s\t5\t1\t20\t%d\t%s\t0.1\n' \
      "$cell" "$cell" $((episode++)) "$accuracy"
  done
}
rows matching 0.8 0.9 1 0.7 >a.tsv
rows proto 0.5 0.5 >b.tsv
gzip -k b.tsv

"$BIN/attune-tabulate" a.tsv b.tsv.gz >table.md
diff -u - table.md <<'END'
| model    | trained on | saw   | seeds |          5w1s |
| :------- | :--------- | :---- | :---- | ------------: |
| matching | glyphs     | train | 1     | 85.00 ± 20.54 |
| proto    | glyphs     | train | 1     |  50.00 ± 0.00 |

- Accuracy in percent, mean ± half-width of the 95 % Student-t interval: over episodes for one seed; over the seeds' means for several.
- 5w1s: 2 to 4 episodes, 5-way 1-shot, 20 queries per class, split not recorded; episode file 00aa11bb22cc33dd.
- Split, mode (inductive or transductive), pools, configuration and class of bits are not recorded: rows of an older version.
END
"$BIN/attune-tabulate" --format tsv - <a.tsv >table.tsv
printf 'model\ttrained on\tsaw\tseeds\t5w1s\t5w1s_ci95\nmatching\tglyphs\ttrain\t1\t85.0000\t20.5426\n' |
  diff -u - table.tsv
cat a.tsv b.tsv | "$BIN/attune-tabulate" - | cmp - table.md
"$BIN/attune-tabulate" a.tsv b.tsv | cmp - table.md
"$BIN/attune-tabulate" --format csv a.tsv | tail -1 | grep -qx 'matching,glyphs,train,1,85.0000,20.5426'
"$BIN/attune-tabulate" --format latex a.tsv |
  grep -qxF 'matching & glyphs & train & 1 & $85.00 \pm 20.54$ \\'
"$BIN/attune-tabulate" --format json a.tsv b.tsv -o table.json
python3 - <<'PYTHON'
import json
table = json.load(open("table.json"))
assert table["lines"][0]["values"]["5w1s"] == {"mean": 85.0, "half_width": 20.5426}, table
assert table["lines"][1]["labels"]["model"] == "proto"
PYTHON

# The experiment orders lines and columns and adds what was published.
echo '{"title": "T", "pools": {"p": {"reader": "glyphs"}}, "tests": {"5w1s": {}},
       "cells": [{"name": "proto"}, {"name": "matching"}],
       "published": [{"name": "P", "source": "S 2000", "values": {"5w1s": [98.1, 0.25]}}]}' >toy.json
"$BIN/attune-tabulate" --experiment toy.json a.tsv b.tsv | grep '^|' | cut -d'|' -f2,6 >lines
diff -u - lines <<'END'
 model    |          5w1s 
 :------- | ------------: 
 proto    |  50.00 ± 0.00 
 matching | 85.00 ± 20.54 
 P [1]    |  98.10 ± 0.25 
END

# Rounding up to four decimals leaves the same bytes in any locale and time zone.
LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo "$BIN/attune-tabulate" a.tsv b.tsv | cmp - table.md
