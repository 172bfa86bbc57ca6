# Pictures, weights and graphs of episodes: what is written, the same bytes again, and what is refused.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-explain" --help > help
grep -q 'attune-explain --model' help
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o m.h5 > train.out
explain() { "$BIN/attune-explain" --model m.h5 --pool pool.h5 --episodes test.h5 "$@"; }
explain 7 0 -o one > out
[ ! -s out ]
[ "$(ls one | tr '\n' ' ')" = 'episode-0.png episode-0.svg episode-0.tsv episode-7.png episode-7.svg episode-7.tsv ' ]
[ "$(head -c 4 one/episode-0.png | tail -c 3)" = PNG ]
explain 7 0 -o two
diff -r one two
# The weights: 9 queries by 3 support items; each query's sum to 1.
explain 7 0 > weights.tsv
cmp weights.tsv <(cat one/episode-7.tsv; tail -n +2 one/episode-0.tsv)
[ "$(wc -l < one/episode-0.tsv)" = 28 ]
awk -F'\t' 'NR > 1 { s[$2] += $9; n++ } END { for (q in s) if (s[q] < 0.9999 || s[q] > 1.0001) exit 1; exit n != 27 }' \
  one/episode-0.tsv
# The picture shows them all: 2 of 3 queries per class by default, or all.
[ "$(grep -c '>query ' one/episode-0.svg)" = 6 ]
explain 0 --queries 0 -o all
[ "$(grep -c '>query ' all/episode-0.svg)" = 9 ]
# As many answers are right as evaluate says.
right=$(grep -o '[0-9]* of 9 queries right' one/episode-7.svg | cut -d' ' -f1)
"$BIN/attune-evaluate" --model m.h5 --pool pool.h5 --episodes test.h5 > rows.tsv
awk -F'\t' -v r="$right" '$10 == 7 && NR > 1 { d = $11 * 9 - r; exit !(d * d < 0.01) }' rows.tsv

fails 2 'want at least one, have none' explain
fails 2 'want a number from 0 up, have -1' explain -- -1
fails 2 'episode: ' explain seven
fails 1 'episode' explain 40
fails 1 'want a font' explain 0 -o x --fonts .
fails 1 'nothere' "$BIN/attune-explain" --model nothere.h5 --pool pool.h5 --episodes test.h5 0
fails 2 'model' "$BIN/attune-explain" --pool pool.h5 --episodes test.h5 0
"$BIN/attune-train" --set learner.kind=nearest_neighbour --pool pool.h5 -q -o floor.h5 > /dev/null
fails 1 'want attention over the support, have none in learner nearest_neighbour' \
  "$BIN/attune-explain" --model floor.h5 --pool pool.h5 --episodes test.h5 0
# Inner attention of a structure with heads, as a graph.
"$BIN/attune-train" --config cell.json --set 'learner.attention={"kind": "multi_head", "heads": 2}' \
  --set train.steps=2 --pool pool.h5 -q -o heads.h5 > /dev/null
"$BIN/attune-explain" --model heads.h5 --pool pool.h5 --episodes test.h5 0 -o heads
grep -q '^digraph' heads/episode-0.heads.head1.dot
[ "$(ls heads/*.dot | wc -l)" = 2 ]
# Queries have edges to the strongest of the 3 support items.
[ "$(grep -c '"q[0-8]" -> "s[0-2]"' heads/episode-0.heads.head2.dot)" -ge 9 ]
if command -v dot > /dev/null; then dot -Tsvg heads/episode-0.heads.head1.dot > graph.svg; fi
