# A checkpoint of another run is never replaced: what differs is named, and --restart sets it aside.
. "$HERE/../tiny.sh"
tiny_data
train=("$BIN/attune-train" --config cell.json --pool pool.h5 -q -o m.h5 --checkpoint-seconds 0)
timeout -s TERM 1 "${train[@]}" --val val.h5 --set train.steps=1000000 > /dev/null 2>&1 || true
[ -s m.h5.state ]
sha256sum m.h5.state > kept
fails 2 'm.h5.state: .*differs in train.log_every: 10 -> 7; .*--restart' \
  "${train[@]}" --val val.h5 --set train.steps=1000000 --set train.log_every=7
fails 2 'train.log_every: 10 -> 7; train.steps: 1000000 -> 60; ' \
  "${train[@]}" --val val.h5 --set train.log_every=7
fails 2 'validation episodes: [0-9a-f]{16} -> none' "${train[@]}" --set train.steps=1000000
sed '2s/^[^,]*/9.5/' rows.csv > rows2.csv
"$BIN/attune-convert" --reader table --input rows2.csv -o pool2.h5 > /dev/null
fails 2 'training data: [0-9a-f]{16} -> [0-9a-f]{16}' "$BIN/attune-train" --config cell.json \
  --pool pool2.h5 -q -o m.h5 --set train.steps=1000000
sha256sum -c --quiet kept
[ ! -e m.h5 ]

"${train[@]}" --val val.h5 --restart > /dev/null 2> note.txt
grep -qx 'attune-train: note: the old checkpoint is now m.h5.state.1' note.txt
sed 's/m.h5.state/m.h5.state.1/' kept | sha256sum -c --quiet
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o plain.h5 > /dev/null
cmp m.h5 plain.h5
# Another one takes the next name; where there is none, nothing is said.
timeout -s TERM 1 "${train[@]}" --val val.h5 --set train.steps=1000000 > /dev/null 2>&1 || true
"${train[@]}" --val val.h5 --restart > /dev/null 2> note.txt
grep -q 'm.h5.state.2$' note.txt
"${train[@]}" --val val.h5 --restart > /dev/null 2> note.txt
[ ! -s note.txt ]
# Nor is what no program of ours made.
echo 'my own notes' > n.h5.state
fails 1 'n.h5.state: want .*remove n.h5.state' "$BIN/attune-train" --config cell.json --pool pool.h5 -q -o n.h5
[ "$(cat n.h5.state)" = 'my own notes' ]
"$BIN/attune-train" --set learner.kind=nearest_neighbour --pool pool.h5 -q -o n.h5 > /dev/null || true
[ "$(cat n.h5.state)" = 'my own notes' ]
