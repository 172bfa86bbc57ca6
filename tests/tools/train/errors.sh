# Wrong calls: designed exit code, one line, nothing left behind.
. "$HERE/../tiny.sh"
tiny_data
touch before.txt after.txt
ls > before.txt
train=("$BIN/attune-train" -q -o m.h5)
fails 2 'learnr.*learner' "${train[@]}" --config cell.json --pool pool.h5 --set learnr.kind=matching
# Before what does not fit the data, and before the data are opened.
echo '{"Train": {"steps": 2}}' > capital.json
fails 2 'capital.json: Train: want a known key .*did you mean' "${train[@]}" --config capital.json --pool none.h5
fails 2 'learner.encoder.filter: ' "${train[@]}" --set learner.encoder.filter=3 --pool pool.h5
rm capital.json
fails 2 'matchin.*matching' "${train[@]}" --pool pool.h5 --set learner.kind=matchin
fails 2 'train.steps' "${train[@]}" --pool pool.h5 --set train.steps=-3
fails 2 'conv4 wants images' "${train[@]}" --pool pool.h5 --set learner.encoder.kind=conv4
fails 2 'learner.encoder: want an object, have "mlp" .did you mean learner.encoder.kind=mlp' \
  "${train[@]}" --pool pool.h5 --set learner.encoder=mlp
fails 2 'train.metric: want accuracy.loss, have "acc"' "${train[@]}" --pool pool.h5 --set train.metric=acc
fails 2 'pool' "${train[@]}"
# What can't be written is told before the training, which would end no time soon.
endless=(timeout 20 "$BIN/attune-train" --config cell.json --set train.steps=1000000000 --pool pool.h5 -q)
fails 1 'none/m.h5: can.t create' "${endless[@]}" -o none/m.h5
fails 1 '\.: want a regular file to write, have a folder' "${endless[@]}" -o .
fails 2 '-: want a file name' "${endless[@]}" -o -
fails 2 'want a name' "${endless[@]}" -o ''
fails 2 'unrecogni|unknown|--pool' "${train[@]}" --pol pool.h5
fails 1 'nothere.h5' "${train[@]}" --config cell.json --pool nothere.h5
fails 1 'test.h5.*attune-pool' "${train[@]}" --config cell.json --pool test.h5
head -c 3000 pool.h5 > short.h5
fails 1 'short.h5' "${train[@]}" --config cell.json --pool short.h5
fails 2 'ways' "${train[@]}" --config cell.json --set episodes.ways=1000 --pool pool.h5
"$BIN/attune-convert" --reader table --input rows.csv --set split.seed=9 -o other.h5 > /dev/null 2>&1 || true
[ ! -s other.h5 ] || fails 1 'val.h5' "${train[@]}" --config cell.json --pool other.h5 --val val.h5
rm -f short.h5 other.h5 fails.out fails.err
ls > after.txt
diff before.txt after.txt
"$BIN/attune-train" --help | head -1 > /dev/null
"$BIN/attune-train" --version | grep -q '^attune-train [0-9]'
