# The same bytes with 1 and 2 threads, in another folder and locale, and after kills at any moment.
. "$HERE/../tiny.sh"
tiny_data
train() { "$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q "$@"; }
train --threads 1 -o one.h5 > out.tsv
[ "$(cut -f1 out.tsv)" = one.h5 ]
[ ! -e one.h5.state ]
jq -e . one.h5.log.jsonl > /dev/null 2>&1 || python3 -c 'import json,sys; [json.loads(l) for l in open("one.h5.log.jsonl")]'
train --threads 2 -o two.h5 > /dev/null
cmp one.h5 two.h5
cmp one.h5.log.jsonl two.h5.log.jsonl
mkdir other
(umask 077; cd other; LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo "$BIN/attune-train" --config ../cell.json \
  --pool ../pool.h5 --val ../val.h5 -q -o there.h5 > /dev/null)
cmp one.h5 other/there.h5

kills=0
for delay in 0.03 0.05 0.07 0.09 0.11 0.13 0.15 0.2; do
  rm -f killed.h5 killed.h5.*
  # Waited for, so that its lock is gone; `timeout -s KILL` would itself die first.
  "$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q --checkpoint-seconds 0 \
    -o killed.h5 > /dev/null 2>&1 &
  sleep "$delay"
  kill -KILL $! 2> /dev/null || true
  wait $! 2> /dev/null || kills=$((kills + 1))
  train -o killed.h5 --checkpoint-seconds 0 > /dev/null
  cmp one.h5 killed.h5
  cmp one.h5.log.jsonl killed.h5.log.jsonl
done
echo "$kills kills"
[ "$kills" -gt 0 ]
