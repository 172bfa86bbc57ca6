# Without replacement: the largest number is named, reached, and no example comes twice.
. "$HERE/../tiny.sh"
tiny_data
draw() { "$BIN/attune-sample" --pool pool.h5 --split train --ways 3 --shots 1 --queries 3 \
  --without-replacement --seed 4 -o disjoint.h5 --episodes "$1"; }
fails 2 'episodes: want at most [0-9]+ episodes without replacement, have 1000$' draw 1000
[ ! -e disjoint.h5 ]
largest=$(sed -E 's/.*want at most ([0-9]+) .*/\1/' fails.err)
# A class of 10 rows serves in two episodes of 1 + 3; three classes make one.
train=$("$BIN/attune-inspect" pool.h5 | sed -n 's/^train_classes\t//p')
[ "$largest" = $((train * 2 / 3)) ]
fails 2 "want at most $largest episodes" draw $((largest + 1))
draw "$largest" > first.out
[ "$(cut -f 2 first.out)" = "$largest" ]
for episode in $(seq 0 $((largest - 1))); do
  "$BIN/attune-inspect" disjoint.h5 --episode "$episode" | tail -n +2 | cut -f 4
done > rows
[ "$(wc -l < rows)" = $((largest * 12)) ]
[ -z "$(sort rows | uniq -d)" ]
