# Every program with its N-th system call on a file failing, once or from then on; with writes and
# reads that do half of what is asked; and under a limit of the file size. Each ends with success and
# the right bytes, or with exit 1 and one line that names the file; what stood there before is old or
# new and whole, nothing partial is left, and the next run ends as if nothing had happened.
. "$HERE/common.sh"
command -v strace > /dev/null || { echo "SKIPPED: no strace, see make deps"; exit 0; }
. "$HERE/calls.sh"

# outcome WHERE STATUS: the checks above, after the run.
outcome() {
  local where=$1 status=$2 path named=no
  for path in "${inputs[@]}" "${outputs[@]}"; do ! grep -qF "$path" stderr.txt || named=yes; done
  if ((status == 0)); then
    all_new || { wrong "$where: exit 0"; return; }
  elif ((status != 1)) || [[ $(wc -l < stderr.txt) != 1 ]]; then
    wrong "$where: exit $status: $(head -c 300 stderr.txt)"
    return
  elif [[ $named == no ]] && ! grep -qF "$PWD" stderr.txt && ! grep -q 'error: \.: ' stderr.txt; then
    wrong "$where: names no file: $(cat stderr.txt)"
    return
  fi
  old_or_new || { wrong "$where"; return; }
  if [[ -n $(temporaries) && $where != *unlink* ]]; then
    wrong "$where: left $(temporaries | paste -sd ' ')"
    return
  fi
  "${command[@]}" > /dev/null 2> stderr.txt || { wrong "$where, then: $(cat stderr.txt)"; return; }
  all_new || { wrong "$where, then run again"; return; }
  [[ -z $(leftovers) ]] || { wrong "$where: left $(leftovers | paste -sd ' ')"; return; }
  pass
}

# faults CALL ERROR…: each error at each site, by turns once and from then on.
hits=0 stride=$(by_scope 29 1)
faults() {
  local call=$1 error k total status when
  shift
  total=$(sites "$call" 2> /dev/null)
  for error in "$@"; do
    for ((k = 1 + hits % stride; k <= total; k += stride)); do
      for when in "$k" "$k+"; do
        place_old
        status=0
        timeout 30 "${hit[@]}" -o /dev/null -e trace="$call" \
          -e inject="$call:error=$error:when=$when" "${watched[@]}" -- "${command[@]}" > /dev/null 2> stderr.txt || status=$?
        sed -i '/^strace: /d' stderr.txt
        outcome "$program: $error at $call $when of $total" "$status"
        hits=$((hits + 1))
      done
    done
  done
}

for program in $programs; do
  prepare "$program"
  for call in write pwrite64; do faults "$call" ENOSPC EIO EDQUOT EINTR; done  # EINTR for ever, too
  faults fsync EIO ENOSPC
  faults ftruncate EIO
  faults openat EACCES EMFILE ENOSPC
  faults rename EACCES ENOSPC
  faults flock ENOLCK
  faults unlink EACCES
  for call in read pread64; do faults "$call" EIO EINTR; done
done
echo "COUNT $hits faults"

"${CXX:-g++}" -shared -fPIC -O1 -o half.so "$HERE/half_calls.cpp" -ldl
for program in $programs; do
  prepare "$program"
  place_old
  status=0
  LD_PRELOAD="$PWD/half.so" "${command[@]}" > /dev/null 2> stderr.txt || status=$?
  check "$program: half reads and writes: exit $status" all_new
  for blocks in 0 1 2; do  # of 1 KiB
    place_old
    status=0
    message=$( (ulimit -f "$blocks" && "${command[@]}" 2>&1 > /dev/null) ) || status=$?
    echo "$message" > stderr.txt
    outcome "$program: files of at most $blocks KiB" "$status"
  done
done

# A full disk behind stdout.
status=0
"$BIN/attune-tabulate" rows.tsv.gz > /dev/full 2> stderr.txt || status=$?
check "tabulate to a full disk: exit $status" [ "$status" = 1 ]
check "tabulate to a full disk: one line" grep -q '^attune-tabulate: error: stdout' stderr.txt
finish
