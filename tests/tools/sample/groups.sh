# --distinct-groups: no patient in both parts of an episode; who can't be shared out is left out.
. "$HERE/../tiny.sh"
awk 'BEGIN { print "a,patient,label"
  for (c = 0; c < 12; c++) for (e = 0; e < 12; e++) printf "%d,p%d,c%02d\n", c + e, e % 4, c
  for (e = 0; e < 12; e++) printf "%d,p0,alone\n", e }' > rows.csv
"$BIN/attune-convert" --reader table --input rows.csv --set group=patient \
  --set fractions=[1.0,0.0,0.0] -o pool.h5 > /dev/null
draw() { "$BIN/attune-sample" --pool pool.h5 --split train --ways 5 --shots 1 --queries 5 \
  --episodes 20 --distinct-groups -o groups.h5 "$@"; }
draw > groups.out 2> groups.err
grep -qx "attune-sample: note: 1 classes have groups that can't be shared out and are left out" \
  groups.err
[ "$(wc -l < groups.err)" = 1 ]
"$BIN/attune-inspect" groups.h5 | grep -qx $'distinct_groups\t1'
"$BIN/attune-inspect" groups.h5 | grep -qx $'classes_left_out\t1'
fails 2 'distinct groups: want episodes with replacement, have without' draw --without-replacement
fails 2 'want at least 5 classes, have 0 whose groups can be shared out, and 13 others' \
  "$BIN/attune-sample" --pool pool.h5 --split train --shots 1 --queries 10 --episodes 2 \
  --distinct-groups -o other.h5
