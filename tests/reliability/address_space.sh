# Every program under every limit of its address space (ulimit -v), from where the loader refuses up
# to where it works: never a hang and never a crash, always a line that says why, and SIGTERM is heard.
. "$HERE/common.sh"
. "$HERE/calls.sh"
step=$(by_scope 32 4)  # MiB
small_work() {
  case $1 in
    inspect) command=("$BIN/attune-inspect" pool.h5) ;;
    convert | sample | train | evaluate | tabulate) command_of "$1" "out$(suffix_of "$1")" ;;
    *) command=("$BIN/attune-$1" --version) ;;
  esac
}
runs=0 refused=0
# climb PROGRAM: limits from 16 MiB in steps until it has worked at two.
climb() {
  local program=$1 limit status worked=0
  for ((limit = 16; worked < 2; limit += step)); do
    if ((limit > 2000)); then wrong "$program: does not work with $limit MiB"; return; fi
    rm -f out.* stderr.txt
    status=0
    (ulimit -v $((limit * 1024)) && exec timeout -s KILL 10 "${command[@]}") \
      > stdout.txt 2> stderr.txt || status=$?
    runs=$((runs + 1))
    case $status in
      0) worked=$((worked + 1)) ;;
      1 | 2 | 127) refused=$((refused + 1)) ;;
      139)  # the loader runs the constructors of libraries before a line of ours
        if grep -q '^Error in GnuTLS initialization' stderr.txt; then
          refused=$((refused + 1))
        else
          wrong "$program with $limit MiB: crash: $(head -c 300 stderr.txt)"
        fi ;;
      137) wrong "$program with $limit MiB: hangs"; continue ;;
      *) wrong "$program with $limit MiB: exit $status: $(head -c 300 stderr.txt)"; continue ;;
    esac
    check "$program with $limit MiB: exit $status without a word" [ "$status" = 0 -o -s stderr.txt ]
  done
  enough=$((limit - step))
}
for path in "$BIN"/attune-*; do
  program=${path##*/attune-}
  small_work "$program"
  climb "$program"
done
# Two threads want a second buffer of OpenBLAS.
command_of train out.h5
for i in "${!command[@]}"; do
  if [[ ${command[i]} == --threads ]]; then command[i + 1]=2; fi
done
climb "train --threads 2"

# SIGTERM under limits where it works and where it just does not.
for limit in $((enough - 2 * step)) $((enough - step)) "$enough"; do
  rm -f m.h5*
  (ulimit -v $((limit * 1024)) && exec "$BIN/attune-train" --config cell.json --pool pool.h5 -q \
    --set train.steps=1000000000 --threads 2 -o m.h5) > /dev/null 2>&1 &
  trainer=$!
  sleep 1
  kill -TERM "$trainer" 2> /dev/null || true
  begin=$SECONDS status=0
  (sleep 10 && kill -KILL "$trainer") > /dev/null 2>&1 &
  watcher=$!
  wait "$trainer" 2> /dev/null || status=$?
  kill "$watcher" 2> /dev/null || true
  check "SIGTERM with $limit MiB: exit $status" [ "$status" = 143 -o "$status" = 1 -o "$status" = 127 ]
  check "SIGTERM with $limit MiB: after $((SECONDS - begin)) s" [ $((SECONDS - begin)) -le 5 ]
done
echo "COUNT $runs runs under limits, $refused of them refused"
finish
