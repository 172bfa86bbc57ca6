# Pairs, costs, noise and published numbers; the best in bold, as side files tell.
head='cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss'
rows() { # cell seed accuracies…
  local cell=$1 seed=$2 episode=0
  shift 2
  printf "$head\n"
  for accuracy in "$@"; do
    printf '%s\tglyphs:train\t%s\t5w1s\t00aa\tm-%s-%s\t5\t1\t20\t%d\t%s\t0.1\n' \
      "$cell" "$seed" "$cell" "$seed" $((episode++)) "$accuracy"
  done
}
rows low 0 0.5 0.5 0.5 0.6 0.5 0.5 0.5 0.6 | gzip >low.tsv.gz
rows high 0 0.6 0.6 0.6 0.8 0.6 0.6 0.6 0.7 | gzip >high.tsv.gz
"$BIN/attune-tabulate" --pairs --format tsv low.tsv.gz high.tsv.gz >pairs.tsv
# All eight signs agree: 2 of 256 patterns, and as many after Holm over one line.
cut -f1-5,7,9 pairs.tsv | diff -u - <(printf '%s\n' \
  $'test\tmodel\tagainst\tclaim about\tdifference\tp sign-flip\tp Holm' \
  $'5w1s\tlow\thigh\tmodels: 8 episodes\t-11.2500\t0.007812\t0.007812')
"$BIN/attune-tabulate" --pairs low.tsv.gz high.tsv.gz | grep -q '| \*\*-11.25 ± 2.96\*\* |'
rows low 1 0.4 0.4 0.4 0.4 >low-1.tsv
rows high 1 0.6 0.6 0.6 0.6 >high-1.tsv
"$BIN/attune-tabulate" --pairs low.tsv.gz low-1.tsv high.tsv.gz high-1.tsv | grep -q '| methods: 2 seeds |'
"$BIN/attune-tabulate" --noise low.tsv.gz low-1.tsv | grep -q '^| 5w1s | low   | 2     |'

# Without side files nothing is bold; with them the one that validation prefers, though it is worse.
"$BIN/attune-tabulate" low.tsv.gz high.tsv.gz >plain.md
if grep -qF '**' plain.md; then exit 1; fi
side() { # score training-seconds
  printf '{"evaluate_seconds": 1.5, "peak_memory_mib": 20, "episodes": 8, "own_pool": true, "multiply_adds_per_episode": 3000000000,
    "model": {"train_seconds": %s, "threads": 1, "parameters": 11, "steps": 7, "multiply_adds_per_step": 500000000,
              "validation": {"metric": "accuracy", "score": %s, "episodes": "bb"}}}' "$2" "$1"
}
side 0.7 4 >low.tsv.gz.cost.json
side 0.8 5 >high.tsv.gz.cost.json
"$BIN/attune-tabulate" low.tsv.gz high.tsv.gz >bold.md
grep -q '^| low .* |     52.50 ± 3.87 |$' bold.md
grep -q '^| high .* | \*\*63.75 ± ' bold.md
side 0.9 4 >low.tsv.gz.cost.json
"$BIN/attune-tabulate" low.tsv.gz high.tsv.gz | grep -c ' \*\*' | grep -qx 2
"$BIN/attune-tabulate" --costs --format tsv low.tsv.gz high.tsv.gz | cut -f1-5,7 | diff -u - <(printf '%s\n' \
  $'model\tthreads\tparameters\tsteps\ttraining s\tG/step' \
  $'low\t1\t11.0000\t7.0000\t4.0000\t0.500000' $'high\t1\t11.0000\t7.0000\t5.0000\t0.500000')

echo '{"title": "T", "pools": {"p": {"reader": "glyphs"}}, "tests": {"5w1s": {}},
       "cells": [{"name": "low"}, {"name": "high", "published": "P"}],
       "published": [{"name": "P", "source": "S 2000", "protocol": "other", "values": {"5w1s": [60]}}]}' >toy.json
"$BIN/attune-tabulate" --experiment toy.json --published low.tsv.gz high.tsv.gz >published.md
grep -q '^| high  | 5w1s | P            | S 2000 | 63.75 ± 6.22 |     60.00 |      +3.75 |$' published.md
grep -q '^- P, protocol: other\.$' published.md

refused() { # code arguments…
  local want=$1 status=0
  shift
  "$BIN/attune-tabulate" "$@" >out 2>err </dev/null || status=$?
  [[ $status == "$want" && ! -s out && $(wc -l <err) == 1 ]]
}
refused 2 --pairs --costs low.tsv.gz
refused 2 --published low.tsv.gz
echo '{' >low.tsv.gz.cost.json
refused 1 low.tsv.gz
grep -q 'low.tsv.gz.cost.json' err
rm low.tsv.gz.cost.json
gzip -dc high.tsv.gz | sed 's/00aa/00bb/' >other.tsv
refused 1 --pairs low.tsv.gz other.tsv
grep -q '00aa.*00bb' err
