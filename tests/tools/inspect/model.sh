# A model file: its attributes, the table of its weights, and its configuration as JSON.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 --set train.steps=20 -q -o m.h5 \
  > train.out
"$BIN/attune-inspect" m.h5 > model.txt
grep -qx $'format\tattune-model' model.txt
grep -qx $'pool_sha256\t'"$("$BIN/attune-inspect" pool.h5 | sed -n 's/^sha256\t//p')" model.txt
grep -qP '^/weights/\S+\tfloat32 \(\d' model.txt
[ -z "$(awk -F '\t' 'NF != 2' model.txt)" ]
"$BIN/attune-inspect" m.h5 --text /config | /usr/bin/env python3 -c '
import json, sys
config = json.load(sys.stdin)
assert config["learner"]["kind"] == "matching" and config["train"]["steps"] == 20, config'
fails 1 'm.h5: want attune-pool version 1, have attune-model version 2' \
  "$BIN/attune-sample" --pool m.h5 --episodes 3 -o x.h5
