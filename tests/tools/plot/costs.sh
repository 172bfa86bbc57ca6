# A picture of rows and their side files; the same bytes each time; clear words for what is wrong.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 -q -o m.h5 > /dev/null
"$BIN/attune-evaluate" --model m.h5 --pool pool.h5 --episodes test.h5 -o rows.tsv.gz
"$BIN/attune-plot" costs -o costs.svg rows.tsv.gz
grep -q '>3 ways<' costs.svg
grep -q '>matching<' costs.svg
"$BIN/attune-plot" costs -o again.svg rows.tsv.gz
cmp costs.svg again.svg
"$BIN/attune-plot" costs -o costs.png rows.tsv.gz
[ "$(head -c 4 costs.png | tail -c 3)" = PNG ]
cp rows.tsv.gz lone.tsv.gz
fails 1 'lone.tsv.gz|cost.json' "$BIN/attune-plot" costs -o lone.svg lone.tsv.gz
fails 2 'want one of calibration, costs, validation, have cost' "$BIN/attune-plot" cost -o x.svg rows.tsv.gz
fails 2 'rows: want at least one file' "$BIN/attune-plot" costs -o x.svg
fails 1 'none.tsv' "$BIN/attune-plot" costs -o x.svg none.tsv
[ ! -e lone.svg ]
[ ! -e x.svg ]
