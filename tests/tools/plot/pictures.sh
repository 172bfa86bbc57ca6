# A picture of rows and their side files; the same bytes each time; clear words for what is wrong.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 -q -o m.h5 > /dev/null
"$BIN/attune-evaluate" --model m.h5 --pool pool.h5 --episodes test.h5 -o rows.tsv.gz
"$BIN/attune-plot" cost -o cost.svg rows.tsv.gz
grep -q '>3 ways<' cost.svg
grep -q '>matching<' cost.svg
"$BIN/attune-plot" cost -o again.svg rows.tsv.gz
cmp cost.svg again.svg
"$BIN/attune-plot" cost -o cost.png rows.tsv.gz
[ "$(head -c 4 cost.png | tail -c 3)" = PNG ]
cp rows.tsv.gz lone.tsv.gz
fails 1 'lone.tsv.gz|cost.json' "$BIN/attune-plot" cost -o lone.svg lone.tsv.gz
fails 2 'want one of calibration, cost, validation, have price' "$BIN/attune-plot" price -o x.svg rows.tsv.gz
fails 2 'rows: want at least one file' "$BIN/attune-plot" cost -o x.svg
fails 1 'none.tsv' "$BIN/attune-plot" cost -o x.svg none.tsv
fails 2 'a name that ends with .svg or .png, have x.gif' "$BIN/attune-plot" cost -o x.gif rows.tsv.gz
fails 2 'have picture' "$BIN/attune-plot" cost -o picture rows.tsv.gz
"$BIN/attune-plot" cost -o - rows.tsv.gz | cmp - cost.svg
[ ! -e x.gif ]
[ ! -e lone.svg ]
[ ! -e x.svg ]

# The other kinds, of a model that was validated; rows of several kinds have one picture each.
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o v.h5 > /dev/null
"$BIN/attune-evaluate" --model v.h5 --pool pool.h5 --episodes test.h5 -o v.tsv
for kind in calibration validation; do
  "$BIN/attune-plot" "$kind" -o "$kind.svg" v.tsv
  grep -q '>matching<' "$kind.svg"
done
fails 1 'validations and their times' "$BIN/attune-plot" validation -o none.svg rows.tsv.gz
