# One row of measures per episode: same bytes at any thread count; what is refused.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-probe" --help > help
grep -q 'attune-probe --model' help
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o m.h5 > train.out
"$BIN/attune-sample" --pool pool.h5 --split test --ways 3 --shots 4 --queries 3 --episodes 30 --seed 5 \
  -o five.h5 > sample.out
probe() { "$BIN/attune-probe" --model m.h5 --pool pool.h5 --episodes five.h5 "$@"; }
probe --threads 1 > one.tsv
probe --threads 2 -o two.tsv.gz
gzip -dc two.tsv.gz | cmp - one.tsv
[ "$(wc -l < one.tsv)" = 32 ]
probe --first 7 | head -8 | cmp - <(head -8 one.tsv)
probe --queries 99 --first 1 | cut -f9 | sed -n 2p | grep -qx 3
# The measured queries are those that evaluate scores, and cross-attention says which labels count.
probe --queries 3 | grep -v '^#' > all.tsv
"$BIN/attune-evaluate" --model m.h5 --pool pool.h5 --episodes five.h5 > rows.tsv
grep -v '^#' rows.tsv > plain.tsv
paste <(cut -f1-8,10 all.tsv) <(cut -f1-8,10 plain.tsv) |
  awk -F'\t' '{ for (i = 1; i <= 9; i++) if ($i != $(i + 9)) exit 1 }'
paste <(cut -f11 all.tsv) <(cut -f11 plain.tsv) | awk 'NR > 1 && ($1 - $2) ^ 2 > 1e-9 { exit 1 }'
column=$(head -1 one.tsv | tr '\t' '\n' | grep -nx tau_swap | cut -d: -f1)
grep -v '^#' one.tsv | cut -f"$column" | awk 'NR > 1 && $1 < 0.98 { exit 1 }'

fails 1 'at least 2 support items per class' \
  "$BIN/attune-probe" --model m.h5 --pool pool.h5 --episodes test.h5
fails 2 '--queries: want 1 to' probe --queries 0
fails 2 'model' "$BIN/attune-probe" --pool pool.h5 --episodes five.h5
fails 1 'nothere' "$BIN/attune-probe" --model nothere.h5 --pool pool.h5 --episodes five.h5
"$BIN/attune-train" --set learner.kind=prototypical --set learner.encoder.kind=mlp --set train.steps=1 \
  --set episodes.ways=4 --pool pool.h5 -q -o proto.h5 > /dev/null
fails 1 'want a learner that says its attention' \
  "$BIN/attune-probe" --model proto.h5 --pool pool.h5 --episodes five.h5
# The table: exact agreement with swapped labels stands in it; rows of another test are refused.
"$BIN/attune-tabulate" --faithfulness one.tsv > table.md
[ "$(grep -c '^| matching' table.md)" = 1 ]
grep -q 'τ swapped' table.md
"$BIN/attune-tabulate" --faithfulness --format json one.tsv > table.json
probe --cell second --test other > other.tsv
fails 1 'want one test' "$BIN/attune-tabulate" --faithfulness one.tsv other.tsv
fails 1 'want a column' "$BIN/attune-tabulate" --faithfulness rows.tsv
fails 2 'want one table' "$BIN/attune-tabulate" --faithfulness --pairs one.tsv
