# A clock that is wrong or is set while a program runs: 1970, 2040, jumps back and ahead, seconds that
# come twice, other zones. Every output has the same bytes, no side file holds a negative time, and
# progress and checkpoints come as often as ever.
. "$HERE/common.sh"
tiny_data > /dev/null
here=$PWD
"${CXX:-g++}" -shared -fPIC -O1 -o clock.so "$HERE/wrong_clock.cpp" -ldl
python=/usr/bin/python3
# shown SETTING…: the year, and what 0.4 s of waiting seem to last, under this clock.
shown() {
  env LD_PRELOAD="$here/clock.so" "$@" TZ=UTC "$python" -c 'import time
begun = time.time(); year = time.localtime().tm_year; time.sleep(0.4)
print(year, round(time.time() - begun))'
}
day=86400
year=$((365 * day))
in_2040=$(((2040 - $(date +%Y)) * year + 30 * day))
in_1970=-$(date +%s)
check "the clock shows 2040" test "$(shown CLOCK_OFFSET=$in_2040)" = "2040 0"
check "the clock shows 1970" test "$(shown CLOCK_OFFSET=$in_1970)" = "1970 0"
check "the clock jumps" test "$(shown CLOCK_JUMP=-$day CLOCK_AFTER=0.2 | cut -d ' ' -f 2)" = "-$day"

chain() {
  "$BIN/attune-convert" --reader table --input "$here/rows.csv" -o pool.h5
  for split in val test; do
    "$BIN/attune-sample" --pool pool.h5 --split $split --ways 3 --shots 1 --queries 3 --episodes 20 -o $split.h5
  done
  "$BIN/attune-train" --config "$here/cell.json" --pool pool.h5 --val val.h5 --checkpoint-seconds 0.01 \
    --set train.steps="$steps" --threads 1 -o model.h5
  "$BIN/attune-evaluate" --model model.h5 --pool pool.h5 --episodes test.h5 --threads 1 -o rows.tsv.gz
  "$BIN/attune-tabulate" rows.tsv.gz -o table.md
}
outputs=(pool.h5 val.h5 test.h5 model.h5 model.h5.log.jsonl rows.tsv.gz table.md)
steps=$(by_scope 100 1000)
# No number of a side file is negative, and the seconds of its curve never fall.
times() {
  "$python" -c 'import json, sys
def numbers(value):
    if isinstance(value, dict): value = list(value.values())
    if isinstance(value, list): return [n for part in value for n in numbers(part)]
    return [value] if isinstance(value, float) or isinstance(value, int) else []
for path in sys.argv[1:]:
    side = json.load(open(path))
    assert numbers(side) and min(numbers(side)) >= 0, path
    seconds = side.get("validation", {}).get("curve", {}).get("seconds", [0])
    assert seconds == sorted(seconds), path
    for name in ("train_seconds", "evaluate_seconds"):
        assert side.get(name, 0) < 600, (path, name, side[name])' "$@"
}
wanted=""
# same NAME SETTING…: the chain under this clock.
same() {
  local name=$1 have
  shift
  rm -rf try && mkdir try
  if ! (cd try && env LD_PRELOAD="$here/clock.so" "$@" bash -eu -o pipefail -c \
    "$(declare -f chain); here='$here' steps=$steps; chain") > chain.out 2> chain.err; then
    wrong "$name: $(tail -1 chain.err)"
    return
  fi
  have=$(cd try && digest "${outputs[@]}")
  : "${wanted:=$have}"
  check "$name: other bytes" test "$have" = "$wanted"
  check "$name: times" times try/model.h5.cost.json try/rows.tsv.gz.cost.json
}
same "as it is" CLOCK_OFFSET=0
same 1970 CLOCK_OFFSET="$in_1970"
same 2040 CLOCK_OFFSET="$in_2040"
for after in $(by_scope 0.05 "0 0.01 0.02 0.05 0.1 0.2 0.5"); do
  same "a year back after $after s" CLOCK_JUMP=-$year CLOCK_AFTER="$after"
  same "a year ahead after $after s" CLOCK_JUMP=$year CLOCK_AFTER="$after"
done
same "seconds that come twice" CLOCK_LEAP=0.05
for zone in $(by_scope Asia/Kathmandu "UTC Asia/Kathmandu America/St_Johns Pacific/Kiritimati right/UTC :none"); do
  same "zone $zone in 2040" TZ="$zone" CLOCK_OFFSET="$in_2040"
done

# Checkpoints and progress go on after the clock was set.
goes_on() {
  local name=$1 first="" second="" trainer
  shift
  rm -f m.h5* .attune-*
  env LD_PRELOAD="$here/clock.so" "$@" "$BIN/attune-train" --config cell.json --pool pool.h5 --threads 1 -q \
    --set train.steps=1000000000 --checkpoint-seconds 0.2 -o m.h5 > train.out 2>&1 &
  trainer=$!
  for _ in $(seq 200); do [[ -e m.h5.state ]] && break; sleep 0.05; done
  sleep 1.2  # the jump is behind it
  first=$(stat -c %i-%y m.h5.state 2> /dev/null) || true
  for _ in $(seq 100); do
    second=$(stat -c %i-%y m.h5.state 2> /dev/null) || true
    [[ $second != "$first" ]] && break
    sleep 0.05
  done
  check "$name: no checkpoint any more" test -n "$first" -a "$first" != "$second"
  kill -TERM "$trainer" 2> /dev/null || true
  wait "$trainer" 2> /dev/null || true
}
goes_on "ten years back" CLOCK_JUMP=-$((10 * year)) CLOCK_AFTER=1
goes_on "1970" CLOCK_OFFSET="$in_1970"
# Not one checkpoint a step either: in the same time no more of them than the steady clock allows.
rm -f m.h5* .attune-*
if command -v strace > /dev/null; then
  timeout 3 env LD_PRELOAD="$here/clock.so" CLOCK_LEAP=0.01 CLOCK_JUMP=$year CLOCK_AFTER=0.5 \
    strace -f -qq -o trace.txt -e trace=rename "$BIN/attune-train" --config cell.json --pool pool.h5 -q \
    --threads 1 --set train.steps=1000000000 --checkpoint-seconds 0.5 -o m.h5 > train.out 2>&1 || true
  saved=$(grep -c '"m.h5.state"' trace.txt || true)
  check "$saved checkpoints in 3 s, one every 0.5 s" test "$saved" -ge 1 -a "$saved" -le 7
fi
# The rate and the time left on a terminal are no negative numbers.
rm -f m.h5* .attune-*
env -u CI TERM=xterm LD_PRELOAD="$here/clock.so" CLOCK_JUMP=-$year CLOCK_AFTER=0.3 script -qec "'$BIN/attune-train' \
  --config cell.json --pool pool.h5 --threads 1 --set train.steps=3000 -o m.h5" /dev/null > screen.txt < /dev/null
check "progress on a terminal" grep -q '/s' screen.txt
check "a negative rate or time" test -z "$(tr '\r' '\n' < screen.txt | grep -E -- '-[0-9.:]+(/s| )|nan|inf' || true)"
echo "COUNT $((passed + failed)) checks under wrong clocks"
finish
