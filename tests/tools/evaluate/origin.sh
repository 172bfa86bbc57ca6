# Rows say how they came about and where they end; rows and side file are a set; what a model is
# tested on is told from what it was trained on.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o m.h5 > model.tsv
evaluate() { "$BIN/attune-evaluate" --model m.h5 --pool pool.h5 "$@"; }
evaluate --episodes test.h5 -o rows.tsv 2> err.txt
[ ! -s err.txt ]
python3 - <<'PYTHON'
import hashlib, json
text = open("rows.tsv").read()
end = text[text.index("#end "):]
body = text[:text.index("#end ")]
seal = hashlib.sha256(body.encode()).hexdigest()
assert end == f"#end rows=40 sha256={seal}\n", end
lines = [line.split("\t") for line in body.splitlines()]
row = dict(zip(lines[0], lines[1]))
assert row["split"] == "test" and row["mode"] == "inductive" and row["tested_on"] == row["trained_on"].split(":")[0]
assert row["tested_pool"] == row["trained_pool"] and len(row["tested_pool"]) == len(row["config"]) == 16
side = json.load(open("rows.tsv.cost.json"))
assert side["set"] == seal[:16]
for key in ("split", "mode", "tested_on", "tested_pool", "trained_pool", "config", "bits"): assert side[key] == row[key], key
assert side["model"]["set"] == row["model"] and side["commit"] and side["build"].startswith("attune-evaluate ")
PYTHON
# The seed is no part of the configuration's hash, all other keys are.
config_of() { "$BIN/attune-evaluate" --model "$1" --pool pool.h5 --episodes test.h5 | sed -n 2p | cut -f 18; }
"$BIN/attune-train" --config cell.json --pool pool.h5 --set seed=5 --stop-from m.h5 -q -o seed.h5 > /dev/null
"$BIN/attune-train" --config cell.json --pool pool.h5 --set learner.attention.score.kind=dot -q -o dot.h5 > /dev/null
[ "$(config_of m.h5)" = "$(config_of seed.h5)" ]
[ "$(config_of m.h5)" != "$(config_of dot.h5)" ]
# The batch statistics of the test are marked.
evaluate --episodes test.h5 --transductive -o t.tsv
[ "$(grep -v '^#' t.tsv | cut -f 14 | sort | uniq -c | tr -s ' ')" = "$(printf ' 1 mode\n 40 transductive')" ]
grep -q '"mode": "transductive"' t.tsv.cost.json

# Classes that the model has seen.
"$BIN/attune-sample" --pool pool.h5 --split train+test --ways 3 --queries 3 --episodes 5 -o seen.h5 > /dev/null
evaluate --episodes seen.h5 2> err.txt > seen.tsv
grep -q 'warning: the model was trained on classes that it is tested on: .*:train, tested on split train.test' err.txt
[ "$(wc -l < err.txt)" = 1 ]

# Nothing is destroyed: neither inputs nor what others keep as <rows>.cost.json.
cp m.h5 keep.h5
fails 1 'm.h5.cost.json: want the place for a side file' evaluate --episodes test.h5 -o m.h5
mkdir alone && cp m.h5 alone/
fails 1 'alone/m.h5: want an output that is none of the inputs' "$BIN/attune-evaluate" --model alone/m.h5 --pool pool.h5 --episodes test.h5 -o alone/m.h5
fails 1 'test.h5: want an output that is none of the inputs' evaluate --episodes test.h5 -o test.h5
cmp m.h5 keep.h5
echo mine > o.tsv.cost.json
fails 1 'o.tsv.cost.json: want the place' evaluate --episodes test.h5 -o o.tsv
[ "$(cat o.tsv.cost.json)" = mine ]

# A side file of another model is not taken for this one's.
cp dot.h5.cost.json m.h5.cost.json
fails 1 'm.h5.cost.json: want the side file of m.h5, which is [0-9a-f]{16}, have that of [0-9a-f]{16}' \
  evaluate --episodes test.h5 -o p.tsv

