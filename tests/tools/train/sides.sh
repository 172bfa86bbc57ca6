# The side files name the model, and say how it came about; what others keep beside it stays.
. "$HERE/../tiny.sh"
tiny_data
train=("$BIN/attune-train" --config cell.json --pool pool.h5 -q)
"${train[@]}" --val val.h5 -o m.h5 > out.tsv
id=$(cut -f 4 out.tsv | cut -c 1-16)
python3 - "$id" <<'PYTHON'
import json, sys
side = json.load(open("m.h5.cost.json"))
assert side["set"] == sys.argv[1], side
assert side["validation"]["split"] == "val" and side["trained_on"].endswith(":train")
for key in ("trained_pool", "config"): assert len(side[key]) == 16
assert side["bits"] and side["commit"] and side["build"].startswith("attune-train ")
lines = [json.loads(line) for line in open("m.h5.log.jsonl")]
assert lines[-1] == {"end": True, "lines": len(lines) - 1, "set": sys.argv[1]}
PYTHON
# Neither the build nor the commit stands in what is hashed.
! "$BIN/attune-inspect" m.h5 | grep -qE 'made_with|GCC'
"$BIN/attune-inspect" m.h5 | grep -qP '^bits\t.'

for name in lock log.jsonl cost.json tmp state.tmp; do echo "my own $name" > "poetry.$name"; done
fails 1 'poetry.log.jsonl: want the place .* have a file that no program of ours made' "${train[@]}" -o poetry
rm poetry.log.jsonl
fails 1 'poetry.cost.json: want the place' "${train[@]}" -o poetry
rm poetry.cost.json
"${train[@]}" -o poetry > /dev/null
for name in lock tmp state.tmp; do [ "$(cat "poetry.$name")" = "my own $name" ]; done

# Inputs are no outputs, the configuration and the episodes neither.
cp pool.h5 keep.h5
fails 1 'pool.h5: want an output that is none of the inputs' "${train[@]}" -o pool.h5
fails 1 'val.h5: want an output that is none of the inputs' "${train[@]}" --val val.h5 -o val.h5
fails 1 'cell.json: want an output that is none of the inputs' "${train[@]}" -o cell.json
ln pool.h5 hard.h5
fails 1 'hard.h5: want an output that is none of the inputs' "${train[@]}" -o hard.h5
cmp pool.h5 keep.h5

# Validation chooses: neither test classes nor those that are trained on may.
for split in test train; do
  "$BIN/attune-sample" --pool pool.h5 --split $split --ways 3 --queries 3 --episodes 5 -o v-$split.h5 > /dev/null
  fails 2 "--val: want episodes of .*v-$split.h5 of split $split" "${train[@]}" --val v-$split.h5 -o n.h5
done
fails 2 'in a training on split train.val' "${train[@]}" --set split=train+val --val val.h5 -o n.h5
"$BIN/attune-sample" --pool pool.h5 --split val+test --ways 3 --queries 3 --episodes 5 -o v.h5 > /dev/null
fails 2 'test classes must not choose' "${train[@]}" --val v.h5 -o n.h5
[ ! -e n.h5 ]
