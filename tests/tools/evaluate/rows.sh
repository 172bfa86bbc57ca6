# One row per episode: same bytes at any thread count, to stdout or compressed; datamash reads them.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o m.h5 > /dev/null
evaluate() { "$BIN/attune-evaluate" --model m.h5 --pool pool.h5 --episodes test.h5 "$@"; }
evaluate --threads 1 > one.tsv
evaluate --threads 2 > two.tsv
cmp one.tsv two.tsv
evaluate -o rows.tsv.gz
gzip -dc rows.tsv.gz | cmp - one.tsv
[ "$(wc -l < one.tsv)" = 42 ]
[ "$(head -1 one.tsv | tr '\t' '\n' | wc -l)" = 19 ]
# By the batch statistics of each episode: other numbers, the same at any thread count.
evaluate --transductive --threads 1 > batch.tsv
evaluate --transductive --threads 2 | cmp - batch.tsv
if cmp -s one.tsv batch.tsv; then exit 1; fi
evaluate --first 7 | head -8 | cmp - <(head -8 one.tsv)
awk -F'\t' 'NR > 1 && NF > 1 { s += $11; n++ } END { exit !(s / n > 0.34) }' one.tsv
if command -v datamash > /dev/null; then
  [ "$(evaluate | datamash -C -H mean accuracy | tail -1)" = "$(datamash -C -H mean accuracy < one.tsv | tail -1)" ]
fi
evaluate | head -1 > /dev/null
# The floor needs no training but goes the same way.
"$BIN/attune-train" --set learner.kind=nearest_neighbour --pool pool.h5 -q -o floor.h5 > /dev/null
"$BIN/attune-evaluate" --model floor.h5 --pool pool.h5 --episodes test.h5 --cell floor --test t > floor.tsv
[ "$(cut -f1-2 floor.tsv | sort -u | tail -1)" = "$(printf 'floor\t-')" ]
