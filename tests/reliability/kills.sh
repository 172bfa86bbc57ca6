# attune-train killed at random moments, also while it resumes and while it writes a checkpoint:
# the final model, log and rows have the bytes of the run that nothing disturbed.
. "$HERE/common.sh"
tiny_data
kills_wanted=$(by_scope 20 1000) inside_wanted=5
train=("$BIN/attune-train" --config cell.json --set train.steps=100 --pool pool.h5 --val val.h5 -q
  --threads 1 --checkpoint-seconds 0.01)
rows() {
  "$BIN/attune-evaluate" --model "$1/m.h5" --pool pool.h5 --episodes test.h5 -o "$1/rows.tsv.gz"
}
half_states=$(temporaries_of try/m.h5.state)
half_state() { compgen -G "$half_states" > /dev/null; }
# What a kill may leave: the outputs, a checkpoint, members that wait for their names, temporary files.
strangers() {
  find try -mindepth 1 ! -name '.attune-*' -printf '%f\n' |
    grep -vxE 'm\.h5(\.(log\.jsonl|cost\.json)(\.[0-9a-f]{16})?|\.state)?' || true
}

mkdir whole
start=$(now)
"${train[@]}" -o whole/m.h5 > /dev/null
lasted=$(($(now) - start))
rows whole
wanted=$(digest whole/m.h5 whole/m.h5.log.jsonl whole/rows.tsv.gz)

kills=0 inside=0 resumed=0 starts=0
tenths=(0 0 0 0 0 0 0 0 0 0)  # of an undisturbed run: where the first kills of a chain fell
# killed COMMAND…: runs it until `delay` ms are over, or its checkpoint is being written when delay
# is "inside"; succeeds when it was killed before it ended.
killed() {
  local status=0
  rm -f $half_states
  starts=$((starts + 1))
  "${train[@]}" -o try/m.h5 > /dev/null 2>&1 &
  local pid=$!
  if [[ $delay == inside ]]; then
    until half_state || ! kill -0 "$pid" 2> /dev/null; do :; done
  else
    pause "$delay"
  fi
  # Waited for, so that its lock is gone; `timeout -s KILL` would itself die first.
  kill -KILL "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || status=$?
  ((status == 137)) || return 1
  kills=$((kills + 1))
  ! half_state || inside=$((inside + 1))
  [[ -z $(strangers) ]] || wrong "a kill left $(strangers | paste -sd ' ')"
}

round=0
while ((kills < kills_wanted || inside < inside_wanted)) && ((round++ < 20 * kills_wanted)); do
  rm -rf try && mkdir try
  random_below 4
  chain=$((random + 1)) before=$kills
  for ((link = 0; link < chain; ++link)); do
    random_below 5
    if ((random == 0)); then
      delay=inside
    else
      random_below "$lasted"
      delay=$random
    fi
    killed || break
    if ((link == 0)) && [[ $delay != inside ]]; then
      ((tenths[10 * delay / lasted] += 1)) || true
    fi
    ((link == 0)) || resumed=$((resumed + 1))
  done
  ((kills > before)) || continue
  "${train[@]}" -o try/m.h5 > /dev/null 2> try.err || { wrong "resume failed: $(cat try.err)"; continue; }
  rows try
  if [[ $(digest try/m.h5 try/m.h5.log.jsonl try/rows.tsv.gz) != "$wanted" ]]; then
    wrong "other bytes after $((kills - before)) kills, the last after $delay ms"
  elif [[ -n $(leftovers try) ]]; then
    wrong "left behind: $(leftovers try)"
  else
    passed=$((passed + kills - before))
  fi
done 2> /dev/null

# The last run may end without a checkpoint of its own: what a killed one left half is still removed.
rm -rf try && mkdir try
plain=("$BIN/attune-train" --config cell.json --pool pool.h5 -q --threads 1)
train=("${plain[@]}" --checkpoint-seconds 0)
delay=inside
for ((attempt = 0; attempt < 100; ++attempt)); do
  if killed && half_state; then break; fi
done 2> /dev/null
check "a kill inside a checkpoint write" half_state
"${plain[@]}" --checkpoint-seconds 1000 -o try/m.h5 > /dev/null
check "half a checkpoint stays behind" [ -z "$(leftovers try)" ]

((kills >= kills_wanted)) || wrong "only $kills kills"
((inside >= inside_wanted)) || wrong "only $inside kills inside a checkpoint write"
((resumed > 0)) || wrong "no kill while resuming"
if long; then
  for count in "${tenths[@]}"; do ((count > 0)) || wrong "no kill in a tenth of the run: ${tenths[*]}"; done
fi
echo "COUNT ${tenths[*]} first kills by tenths of the run"
echo "COUNT $kills kills, $inside inside a checkpoint write, $resumed while resuming"
finish
