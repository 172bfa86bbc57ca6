# The side files: multiply-adds at any number of threads alike, and what chose the model handed on.
. "$HERE/../tiny.sh"
tiny_data
train() { "$BIN/attune-train" --config cell.json --pool pool.h5 -q "$@" > /dev/null; }
evaluate() { "$BIN/attune-evaluate" --model "$1" --pool pool.h5 --episodes test.h5 "${@:2}"; }
train --val val.h5 --threads 1 -o search.h5
train --val val.h5 --threads 2 -o again.h5
train --stop-from search.h5 --set split=train+val -o model.h5
evaluate model.h5 --threads 1 -o one.tsv.gz
evaluate model.h5 --threads 2 -o two.tsv.gz
evaluate search.h5 -o search.tsv
cmp one.tsv.gz two.tsv.gz
python3 - <<'PYTHON'
import json, os
read = lambda path: json.load(open(path + ".cost.json"))
search, again, model, one, two = map(read, ["search.h5", "again.h5", "model.h5", "one.tsv.gz", "two.tsv.gz"])
assert search["multiply_adds_per_step"] == again["multiply_adds_per_step"] > 0
assert search["validation"]["metric"] == "accuracy" and 0 < search["validation"]["score"] <= 1
assert len(search["validation"]["episodes"]) == 16
curve = search["validation"]["curve"]
assert curve["steps"] == [20, 40, 60] and max(curve["scores"]) == search["validation"]["score"]
assert 0 <= curve["seconds"][0] <= curve["seconds"][2] <= search["train_seconds"]
bins = one["calibration"]
assert sum(bins["answers"]) == 40 * 9 and len(bins["right"]) == len(bins["confidence"]) == 15
assert model["search"] == search and "validation" not in model
assert one["model"] == model and one["own_pool"] is True
assert one["multiply_adds_per_episode"] == two["multiply_adds_per_episode"] > 0
assert 0 < one["multiply_adds_after_encoding"] < one["multiply_adds_per_episode"]
assert one["threads"] == 1 and two["threads"] == 2
PYTHON
# What was validated is told apart from what was not; without a side file of the model none is made up.
"$BIN/attune-tabulate" search.tsv --costs | grep -q '^| matching '
rm model.h5.cost.json
evaluate model.h5 -o three.tsv
python3 -c 'import json; assert "model" not in json.load(open("three.tsv.cost.json"))'
echo '{"steps": ' > model.h5.cost.json
status=0
evaluate model.h5 -o four.tsv 2> err || status=$?
[[ $status == 1 && ! -e four.tsv ]]
grep -q 'model.h5.cost.json' err
