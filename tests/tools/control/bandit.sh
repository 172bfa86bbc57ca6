# Bandits from frozen tasks to a table, with policies that are computed and an agent that learns.
. "$HERE/../tiny.sh"
echo '{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5}}' > bandit.json
"$BIN/attune-sample" --config bandit.json --episodes 400 --seed 1 -o test.h5 > sample.out
[ "$(cut -f 1,2 sample.out)" = $'test.h5\t400' ]
"$BIN/attune-sample" --config bandit.json --split val --episodes 200 --seed 1 -o val.h5 > /dev/null
for policy in random greedy optimal; do
  "$BIN/attune-train" --config bandit.json --set agent.kind=policy \
    --set agent.policy.kind=$policy -o $policy.h5 > /dev/null
done
train() { "$BIN/attune-train" --config bandit.json --val val.h5 --set train.batch=32 \
  --set train.steps=60 --set train.validate_every=30 --set train.learning_rate=0.01 \
  --set training.imitation.teacher.kind=optimal -q "$@"; }
train --threads 1 -o gru.h5 > /dev/null
train --threads 2 -o again.h5 > /dev/null
cmp gru.h5 again.h5
# Ended early and gone on: the same bits.
for second in 1 2 3; do
  timeout -s TERM 0.$second "$BIN/attune-train" --config bandit.json --val val.h5 \
    --set train.batch=32 --set train.steps=60 --set train.validate_every=30 \
    --set train.learning_rate=0.01 --set training.imitation.teacher.kind=optimal -q \
    -o resumed.h5 > /dev/null || true
done
train -o resumed.h5 > /dev/null
cmp gru.h5 resumed.h5
for model in random greedy optimal gru; do
  "$BIN/attune-evaluate" --model $model.h5 --episodes test.h5 --cell $model -o $model.tsv.gz
done
"$BIN/attune-tabulate" --format tsv ./*.tsv.gz > table.tsv
mean() { awk -F '\t' -v cell="$1" '$1 == cell { print $5 }' table.tsv; }
awk -v random="$(mean random)" -v greedy="$(mean greedy)" -v optimal="$(mean optimal)" \
  'BEGIN { exit !(random > 2.2 && random < 2.8 && greedy > random && optimal > greedy - 0.1) }'
# The same luck for all: paired differences on the same tasks.
"$BIN/attune-tabulate" --pairs random.tsv.gz optimal.tsv.gz | grep -q 'models: 400 episodes'
fails 2 'pool' "$BIN/attune-train" --config bandit.json --pool test.h5 -o x.h5
echo '{"task": "control", "environment": {"kind": "bandit", "arms": 4, "pulls": 5}}' > other.json
"$BIN/attune-sample" --config other.json --episodes 10 -o other.h5 > /dev/null
fails 1 'other.h5' "$BIN/attune-evaluate" --model greedy.h5 --episodes other.h5 -o x.tsv.gz
fails 2 'transductive' "$BIN/attune-evaluate" --model gru.h5 --episodes test.h5 --transductive
fails 2 'did you mean' "$BIN/attune-train" --config bandit.json --set environment.arm=3 -o x.h5
