# Numbers that leave the finite, and data that say nothing: a designed end, never NaN in a table.
. "$HERE/common.sh"
tiny_data > /dev/null
train=("$BIN/attune-train" --config cell.json -q --threads 1)

# stops NAME arguments…: training ends with exit 1 and a line that names the step, without a model;
# the last checkpoint is whole.
stops() {
  local name=$1 status=0
  shift
  rm -f m.h5*
  "${train[@]}" --pool pool.h5 -o m.h5 "$@" > out.txt 2> err.txt || status=$?
  check "$name: exit $status" [ "$status" = 1 ]
  check "$name: $(cat err.txt)" grep -qE '^attune-train: error: training: step [0-9]+: want a finite loss' err.txt
  check "$name: one line" [ "$(wc -l < err.txt)" = 1 ]
  check "$name: no model" [ ! -e m.h5 ]
  if [[ -e m.h5.state ]]; then check "$name: checkpoint" "$BIN/attune-inspect" m.h5.state; fi
}
prototypical=(--set learner.kind=prototypical --set learner.encoder.kind=mlp)
sgd=(--set train.optimiser.kind=sgd --set train.optimiser.momentum=0 --set train.schedule.kind=constant)
# A step of 1e6 times the gradient; dot products of such features overflow.
stops "rate 1e6" "${sgd[@]}" --set train.learning_rate=1e6 --set learner.attention.score.kind=dot \
  --set train.steps=400 --checkpoint-seconds 0
stops "rate 1e6, prototypical" "${sgd[@]}" --set train.learning_rate=1e6 \
  "${prototypical[@]}" --set train.steps=400 --checkpoint-seconds 0
check "a rate of 1e30 is out of range" fails 2 'train.learning_rate: want a number in' \
  "${train[@]}" --pool pool.h5 -o m.h5 --set train.learning_rate=1e30

# finishes NAME: trains, evaluates and tabulates out of name.csv; every number of the table is one.
finishes() {
  local name=$1
  shift
  "$BIN/attune-convert" --reader table --input "$name.csv" -o p.h5 > out.txt 2> err.txt &&
    "$BIN/attune-sample" --pool p.h5 --ways 3 --queries 3 --episodes 20 -o e.h5 > out.txt 2> err.txt &&
    rm -f m.h5* &&
    "${train[@]}" --pool p.h5 --set train.steps=20 -o m.h5 "$@" > out.txt 2> err.txt &&
    "$BIN/attune-evaluate" --model m.h5 --pool p.h5 --episodes e.h5 -o r.tsv > out.txt 2> err.txt &&
    "$BIN/attune-tabulate" r.tsv -o t.md > out.txt 2> err.txt ||
    { wrong "$name $*: $(cat err.txt)"; return 0; }
  check "$name $*: a number is none" [ -z "$(grep -niE '(^|[^a-z])-?(nan|inf)' r.tsv t.md m.h5.log.jsonl)" ]
  check "$name $*: the log is JSON" python3 -c 'import json
for line in open("m.h5.log.jsonl"): json.loads(line)'
}
awk -F, -v OFS=, 'NR > 1 { for (i = 1; i < NF; i++) $i = 5 } { print }' rows.csv > constant.csv
awk -F, -v OFS=, 'NR > 1 { gsub("class", "", $NF); for (i = 1; i < NF; i++) $i = $NF; $NF = "class" $NF } { print }' \
  rows.csv > duplicates.csv
awk -F, -v OFS=, 'NR > 1 { for (i = 1; i < NF; i++) $i = NR % 10 } { print }' rows.csv > alike.csv
awk -F, -v OFS=, 'NR > 1 { for (i = 1; i < NF; i++) $i = (NR % 7) * 1e30 } { print }' rows.csv > large.csv
awk -F, -v OFS=, 'NR > 1 { for (i = 1; i < NF; i++) $i = (NR % 7) * 1e-30 } { print }' rows.csv > small.csv
for data in constant duplicates alike large small; do
  finishes "$data"
  finishes "$data" "${prototypical[@]}"
  if long; then
    for score in dot scaled_dot squared_euclidean bilinear additive; do
      finishes "$data" --set learner.attention.score.kind="$score"
    done
    finishes "$data" --set learner.kind=nearest_neighbour
    finishes "$data" --set train.average=0.9
    finishes "$data" --set episodes.ways=2
  fi
done
# What is no number is no feature.
for value in nan inf -inf 1e39 '' 0x1p3 1,5; do
  { echo a,b,label; for c in x y z; do for _ in 1 2 3; do echo "1,$value,$c"; done; done; } > bad.csv
  check "feature '$value'" fails 1 'bad.csv: line 2' "$BIN/attune-convert" --reader table \
    --input bad.csv -o bad.h5
done
finish
