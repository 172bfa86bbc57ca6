# SIGTERM and SIGINT: a checkpoint, then exit 128+n within 5 s; SIGUSR1: a checkpoint now; SIGHUP,
# SIGSTOP and SIGCONT; a reader that leaves. What went on afterwards has the bytes of the run that
# no signal met.
. "$HERE/common.sh"
tiny_data > /dev/null
train=("$BIN/attune-train" --config cell.json --set train.steps=300 --pool pool.h5 --val val.h5 -q
  --threads 1)
lock=$(lock_of m.h5)
begin=$(now)
"${train[@]}" -o whole.h5 > /dev/null
lasted=$(($(now) - begin))
wanted="$(digest whole.h5 whole.h5.log.jsonl)"

# ends SIGNAL NUMBER: sent at a random moment; afterwards the run goes on to the same bytes.
sent=0 checkpoints=0
ends() {
  local status=0 begin took
  rm -f m.h5*
  "${train[@]}" -o m.h5 > /dev/null 2> err.txt &
  local trainer=$!
  # Before it looks for signals they end it as they end any program.
  until [[ -e $lock ]] || ! kill -0 "$trainer" 2> /dev/null; do :; done
  random_below "$lasted"
  pause "$random"
  begin=$(now)
  kill "-$1" "$trainer" 2> /dev/null || true
  wait "$trainer" 2> /dev/null || status=$?
  took=$(($(now) - begin))
  if ((status == 0)); then return 0; fi  # it was done
  sent=$((sent + 1))
  if ((status != 128 + $2)); then wrong "SIG$1: exit $status: $(cat err.txt)"; return 0; fi
  if ((took > 5000)); then wrong "SIG$1: left after $took ms"; return 0; fi
  if [[ -e m.h5 || -n $(temporaries) ]]; then wrong "SIG$1: $(ls m.h5*)"; return 0; fi
  [[ ! -e m.h5.state ]] || checkpoints=$((checkpoints + 1))
  "${train[@]}" -o m.h5 > /dev/null 2> err.txt || { wrong "SIG$1, then: $(cat err.txt)"; return 0; }
  check "SIG$1: other bytes" [ "$(digest m.h5 m.h5.log.jsonl)" = "$wanted" ]
}
count=$(by_scope 6 200)
for ((try = 0; sent < count && try < 20 * count; ++try)); do
  if ((try % 2)); then ends INT 2; else ends TERM 15; fi
done 2> /dev/null
check "$sent signals met a run" [ "$sent" = "$count" ]
check "$checkpoints checkpoints after $sent signals" [ "$checkpoints" = "$sent" ]

# SIGUSR1: the checkpoint is there although its time has not come; the run goes on.
rm -f m.h5*
endless=("$BIN/attune-train" --config cell.json --set train.steps=1000000000 --pool pool.h5 -q
  --threads 1 --checkpoint-seconds 1000000)
"${endless[@]}" -o m.h5 > /dev/null 2>&1 &
trainer=$!
for _ in $(seq 400); do [[ -e $lock ]] && break; sleep 0.05; done
sleep 0.3
kill -USR1 "$trainer"
for _ in $(seq 100); do [[ -e m.h5.state ]] && break; sleep 0.05; done
check "SIGUSR1: no checkpoint" "$BIN/attune-inspect" m.h5.state
check "SIGUSR1 ended the run" kill -0 "$trainer"
# Stopped and continued, it still knows SIGTERM.
kill -STOP "$trainer" && sleep 0.1 && kill -CONT "$trainer" && kill -TERM "$trainer"
status=0
wait "$trainer" || status=$?
check "SIGSTOP, SIGCONT, SIGTERM: exit $status" [ "$status" = 143 ]

# A reader that leaves early ends a program quietly, by SIGPIPE's code.
quiet() {
  local statuses
  "$@" 2> pipe.err | head -1 > /dev/null && statuses=("${PIPESTATUS[@]}") || statuses=("${PIPESTATUS[@]}")
  [[ ${statuses[0]} == 0 || ${statuses[0]} == 141 ]] && [[ ! -s pipe.err ]]
}
"$BIN/attune-evaluate" --model whole.h5 --pool pool.h5 --episodes test.h5 -o rows.tsv.gz
for _ in $(seq "$(by_scope 3 100)"); do
  check "evaluate | head" quiet "$BIN/attune-evaluate" --model whole.h5 --pool pool.h5 --episodes test.h5
  check "inspect | head" quiet "$BIN/attune-inspect" --schema
  check "tabulate | head" quiet "$BIN/attune-tabulate" --format json rows.tsv.gz
  check "--help | head" quiet "$BIN/attune-train" --help
done
echo "COUNT $sent signals, $checkpoints checkpoints"
finish
