# Memory of a training: no growth over many steps (10^5 in full), and little of it.
. "$HERE/common.sh"
tiny_data > /dev/null
steps=$(by_scope 4000 100000)
# peak STEPS POOL arguments…: the most memory, in KiB, that so many steps took. Sets `peak`.
peak() {
  local count=$1 pool=$2
  shift 2
  rm -f m.h5*
  "$BIN/attune-train" --pool "$pool" -q --threads 1 --checkpoint-seconds 1 \
    --set train.steps="$count" --set train.log_every=1000 "$@" -o m.h5 > /dev/null
  peak=$(python3 -c 'import json; print(round(1024 * json.load(open("m.h5.cost.json"))["peak_memory_mib"]))')
}
tiny=(--config cell.json --val val.h5 --set train.validate_every=$((steps / 20)))
peak $((steps / 20)) pool.h5 "${tiny[@]}"
few=$peak
peak "$steps" pool.h5 "${tiny[@]}"
many=$peak
check "from $few KiB for $((steps / 20)) steps to $many KiB for $steps" [ $((many - few)) -lt 5120 ]
echo "COUNT $((many - few)) KiB more after $steps steps than after $((steps / 20))"

# Conv-4-64 on 60-way episodes of images, the largest step of our experiments.
if long; then
  if "$BIN/attune-convert" --reader glyphs -o glyphs.h5 > /dev/null 2> glyphs.err; then
    peak 30 glyphs.h5 --set episodes.ways=60 --set learner.kind=prototypical
    check "60-way steps of Conv-4-64: $peak KiB" [ "$peak" -lt $((600 * 1024)) ]
    echo "COUNT $((peak / 1024)) MiB at most in 60-way steps of Conv-4-64"
  else
    echo "SKIPPED images: $(cat glyphs.err)"
  fi
fi
finish
