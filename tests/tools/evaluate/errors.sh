# Wrong calls of evaluate, and a full disk.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --set train.steps=2 --pool pool.h5 -q -o m.h5 > /dev/null
evaluate=("$BIN/attune-evaluate" --pool pool.h5 --episodes test.h5)
fails 1 'nothere' "${evaluate[@]}" --model nothere.h5
fails 1 'attune-model' "${evaluate[@]}" --model pool.h5
fails 2 'model' "${evaluate[@]}"
fails 2 '--first: want 0 to [0-9]+, have -1' "${evaluate[@]}" --model m.h5 --first=-1
"$BIN/attune-sample" --pool pool.h5 --split test --ways 3 --shots 1 --queries 3 --episodes 5 --seed 3 \
  -o e.h5 > /dev/null
fails 1 'attune-episodes' "$BIN/attune-evaluate" --pool pool.h5 --model m.h5 --episodes pool.h5
sed 's/0\.1/0.2/' rows.csv > rows2.csv
"$BIN/attune-convert" --reader table --input rows2.csv -o pool2.h5 > /dev/null
fails 1 'pool' "$BIN/attune-evaluate" --pool pool2.h5 --model m.h5 --episodes test.h5
code=0
"${evaluate[@]}" --model m.h5 > /dev/full 2> err.txt || code=$?
[ "$code" = 1 ]
[ "$(wc -l < err.txt)" = 1 ]
for byte in 100 5000 9000; do
  cp m.h5 bad.h5
  printf '\x5a' | dd of=bad.h5 bs=1 seek=$byte conv=notrunc 2> /dev/null
  cmp -s m.h5 bad.h5 || fails 1 'bad.h5' "${evaluate[@]}" --model bad.h5 || {
    "${evaluate[@]}" --model bad.h5 > a.tsv; "${evaluate[@]}" --model m.h5 | cmp - a.tsv; }
done
# Examples of another shape; an output that can't be written is told before the work.
sed 's/^\([^,]*\),/\1,\1,/; 1s/^a,a,/a,a2,/' rows.csv > wide.csv
"$BIN/attune-convert" --reader table --input wide.csv -o wide.h5 > /dev/null
"$BIN/attune-sample" --pool wide.h5 --ways 3 --queries 3 --episodes 5 -o wide_test.h5 > /dev/null
fails 1 'm.h5: .*want shape \(7,16\), have \(6,16\) \(for examples of shape \(7\) in wide.h5\)$' \
  "$BIN/attune-evaluate" --model m.h5 --pool wide.h5 --episodes wide_test.h5
fails 1 'none/rows.tsv: can.t create' "${evaluate[@]}" --model nothere.h5 -o none/rows.tsv
fails 1 '\.: want a regular file to write, have a folder' "${evaluate[@]}" --model m.h5 -o .
