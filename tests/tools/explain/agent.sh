# What agents attend to in their own past: pictures, weights, terminal, and what is refused.
. "$HERE/../tiny.sh"
echo '{"task": "control", "environment": {"kind": "mdp", "states": 3, "actions": 2, "horizon": 3, "episodes": 2}}' > mdp.json
"$BIN/attune-sample" --config mdp.json --episodes 300 --seed 1 -o tasks.h5 > /dev/null
train() { "$BIN/attune-train" --config mdp.json --set train.steps=2 --set train.batch=8 -q "$@" > /dev/null; }
train --set 'agent.memory={"kind": "transformer", "features": 8, "self": {"heads": 2}, "dropout": 0}' -o m.h5
explain() { "$BIN/attune-explain" --model m.h5 --episodes tasks.h5 "$@"; }
explain 7 260 -o one > out
[ ! -s out ]
[ "$(ls one | tr '\n' ' ')" = 'task-260.png task-260.svg task-260.tsv task-7.png task-7.svg task-7.tsv ' ]
[ "$(head -c 4 one/task-7.png | tail -c 3)" = PNG ]
explain 7 260 -o two
diff -r one two
# Of each of 2 layers with 2 heads, each of 6 steps and itself and those before it: weights that sum to 1.
explain 7 260 > weights.tsv
cmp weights.tsv <(cat one/task-7.tsv; tail -n +2 one/task-260.tsv)
[ "$(wc -l < one/task-7.tsv)" = 85 ]
awk -F'\t' 'NR > 1 { s[$2, $3] += $11 } END { for (i in s) if (s[i] < 0.9999 || s[i] > 1.0001) exit 1; exit length(s) != 24 }' \
  one/task-7.tsv
# The rewards are those that attune-evaluate tells.
"$BIN/attune-evaluate" --model m.h5 --episodes tasks.h5 -o rows.tsv
for task in 7 260; do
  told=$(awk -F'\t' -v t=$task 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["episode"] == t { print $at["reward"] }' rows.tsv)
  awk -F'\t' -v told="$told" '$2 == "layer1.head1" && $7 == 0 { sum += $6 }
    END { d = sum - told; exit !(told != "" && d * d < 1e-4) }' "one/task-$task.tsv"
  grep -q "reward $told<" "one/task-$task.svg"
done
[ "$(grep -c '<image' one/task-7.svg)" = 4 ]
explain 7 --show plain > plain
[ "$(grep -c '│' plain)" = 6 ]
explain 7 --show colour | sed 's/\x1b\[[0-9;]*m//g' | cmp - plain

fails 1 'want a number below 300, have 300' explain 300
fails 2 'want none for a task of control' explain 7 --pool tasks.h5
fails 2 'want colour or plain, have red' explain 7 --show red
train --set agent.memory.kind=gru -o gru.h5
fails 1 'want attention over the history, have none in memory gru' \
  "$BIN/attune-explain" --model gru.h5 --episodes tasks.h5 0
train --set agent.kind=policy -o policy.h5
fails 1 'have policy greedy' "$BIN/attune-explain" --model policy.h5 --episodes tasks.h5 0 -o x
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 -q -o c.h5 > /dev/null
fails 2 'pool: want the file of data' "$BIN/attune-explain" --model c.h5 --episodes tasks.h5 0
