# One trainer per model at a time; a lock left by a killed one keeps nobody out. A damaged
# checkpoint says what to do.
. "$HERE/../tiny.sh"
tiny_data
endless=("$BIN/attune-train" --config cell.json --set train.steps=1000000000 --pool pool.h5 -q -o m.h5)
short=("$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o m.h5)
locked() { compgen -G '.attune-lock-*' > locks.txt; }
"${endless[@]}" > /dev/null 2> first.err &
first=$!
for _ in $(seq 200); do locked && break; sleep 0.05; done
sleep 0.3
fails 1 'm.h5: another process is writing it' timeout 20 "${endless[@]}"
fails 1 'm.h5: another process is writing it' timeout 20 "${short[@]}"
kill -KILL "$first"
wait "$first" || true
locked
"${endless[@]}" > /dev/null 2> first.err &
first=$!
sleep 1
kill -TERM "$first"
wait "$first" || true
! locked

head -c 5000 m.h5.state > cut && mv cut m.h5.state
fails 1 'm.h5.state: want .*; to start anew, remove m.h5.state$' "${short[@]}"
! locked
rm m.h5.state
"${short[@]}" > out.tsv
[ "$(ls m.h5*)" = "$(printf '%s\n' m.h5 m.h5.cost.json m.h5.log.jsonl)" ]
grep -qP '^m.h5\t(20|40|60)\t0\.\d{5}\t[0-9a-f]{64}$' out.tsv

# Without a validation there is no score; nor after no steps.
"$BIN/attune-train" --config cell.json --pool pool.h5 -q -o n.h5 | grep -qP '^n.h5\t60\t-\t'
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 --set train.steps=0 -q -o n.h5 |
  grep -qP '^n.h5\t0\t-\t'
"$BIN/attune-inspect" n.h5 | grep -qx $'validation\t'
# Fewer steps than between validations: the last one is validated.
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 --set train.steps=7 -q -o n.h5 |
  grep -qP '^n.h5\t7\t0\.'
