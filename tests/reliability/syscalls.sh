# Every program killed at every system call that touches its files: what stood there before is old
# or new and whole, and the next run ends with the bytes of an undisturbed one and leaves nothing.
. "$HERE/common.sh"
command -v strace > /dev/null || { echo "SKIPPED: no strace, see make deps"; exit 0; }
. "$HERE/calls.sh"
# Names that no run may leave, killed or not.
strangers() {
  comm -13 <(printf '%s\n' "${known[@]}" | sort) <(ls -A) |
    grep -vE '^\.attune-|\.state$|\.[0-9a-f]{16}$' | paste -sd ' ' || true
}
stride=$(by_scope 5 1) kills=0
for program in $programs; do
  prepare "$program"
  : > stderr.txt
  mapfile -t known < <(ls -A)
  for call in openat write pwrite64 ftruncate fsync rename unlink flock; do
    total=$(sites "$call")
    for ((k = 1 + kills % stride; k <= total; k += stride)); do
      place_old
      status=0
      { "${hit[@]}" -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" "${watched[@]}" -- \
        "${command[@]}" > /dev/null; } 2> stderr.txt || status=$?
      where="$program killed at $call $k of $total"
      ((status == 137)) || { wrong "$where: exit $status"; continue; }
      kills=$((kills + 1))
      old_or_new || { wrong "$where"; continue; }
      strange=$(strangers)
      [[ -z $strange ]] || { wrong "$where: left $strange"; continue; }
      "${command[@]}" > /dev/null 2> stderr.txt || { wrong "$where, then: $(cat stderr.txt)"; continue; }
      all_new || { wrong "$where, then run again"; continue; }
      [[ -z $(leftovers) ]] || { wrong "$where: left $(leftovers | paste -sd ' ')"; continue; }
      pass
    done
  done
done
echo "COUNT $kills kills at system calls"
finish
