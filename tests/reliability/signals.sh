# SIGTERM and SIGINT: a checkpoint, then exit 128+n within 5 s, in every program; SIGUSR1: a checkpoint now; SIGHUP,
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

# Every program in the middle of much work, whatever it does just then: gone within 5 s, with 128+n, and
# without a temporary file.
# Whether the process handles the signal yet; before, SIGINT is ignored where a shell works in the background.
handles() {  # PID NUMBER
  local mask
  mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2> /dev/null) || return 1
  [[ -n $mask ]] && (((16#$mask >> ($2 - 1)) & 1))
}
# leaves NAME SIGNAL NUMBER MILLISECONDS command…
leaves() {
  local name="$1, SIG$2" signal=$2 number=$3 delay=$4 status=0 begin took pid
  shift 4
  "$@" > tool.out 2> tool.err < "${input:-/dev/null}" &
  pid=$!
  for _ in $(seq 500); do handles "$pid" "$number" && break; sleep 0.01; done
  pause "$delay"
  if ! kill "-$signal" "$pid" 2> /dev/null; then
    wait "$pid" || status=$?
    wrong "$name: no longer there after $delay ms, exit $status: $(head -c 300 tool.err)"
    return
  fi
  begin=$(now)
  while kill -0 "$pid" 2> /dev/null && (($(now) - begin < 6000)); do sleep 0.02; done
  took=$(($(now) - begin))
  kill -KILL "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || status=$?
  check "$name: exit $status: $(head -c 300 tool.err)" test "$status" = $((128 + number))
  check "$name: left after $took ms" test "$took" -le 5000
  check "$name: left $(temporaries | paste -sd ' ')" test -z "$(temporaries)"
  rm -f .attune-*
}
both() {  # NAME command…: each signal, early and late
  local name=$1 delay
  shift
  for delay in $(by_scope 1000 "100 300 1000 3000"); do
    random_below 100
    leaves "$name" TERM 15 $((delay + random)) "$@"
    leaves "$name" INT 2 $((delay + random)) "$@"
  done
}
mkdir tools && cd tools
# 8,000 examples of 64 numbers.
awk 'BEGIN { s = 1; for (d = 0; d < 64; d++) printf "f%d,", d; print "label"
  for (c = 0; c < 80; c++) for (e = 0; e < 100; e++) { for (d = 0; d < 64; d++) {
    s = (s * 16807) % 2147483647; printf "%.3f,", s / 2147483647 + (c * (d + 1)) % 7 } printf "class%02d\n", c } }' > wide.csv
"$BIN/attune-convert" --reader table --input wide.csv -o wide.h5 > convert.out
wide=(--pool wide.h5)
"$BIN/attune-sample" "${wide[@]}" --ways 10 --shots 5 --queries 20 --episodes 20000 -o many.h5 > sample.out
"$BIN/attune-train" "${wide[@]}" --config ../cell.json --set train.steps=2 --set learner.encoder.hidden=[512] -q \
  -o wide-model.h5 > train.out
many=("${wide[@]}" --model wide-model.h5 --episodes many.h5)
# Pictures that take long, 80 classes of 50.
python3 - <<'PYTHON'
import os, struct, zlib
size = 2000
rows = b"".join(b"\0" + bytes((x * y) % 251 for x in range(size)) for y in range(size))
chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0))
       + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))
open("one.png", "wb").write(png)
for c in range(80):
    os.makedirs(f"pictures/class{c:02}")
    for e in range(50):
        os.link("one.png", f"pictures/class{c:02}/{e:02}.png")
PYTHON
both convert "$BIN/attune-convert" --reader images --input pictures -o pictures.h5
both sample "$BIN/attune-sample" "${wide[@]}" --ways 10 --shots 5 --queries 50 --episodes 1500000 -o much.h5
both evaluate "$BIN/attune-evaluate" "${many[@]}" -o rows.tsv.gz
both probe "$BIN/attune-probe" "${many[@]}" -o rows.tsv.gz
both explain "$BIN/attune-explain" "${many[@]}" -o explained $(seq 0 19999)
# Steps of many seconds: no checkpoint can be written before the end, and none is lost.
slow=("$BIN/attune-train" "${wide[@]}" --config ../cell.json --set learner.encoder.hidden=[512] -q --checkpoint-seconds 0)
both "train in a slow step" "${slow[@]}" --set train.batch=1000000 -o slow.h5
check "a model of a slow step" test ! -e slow.h5
rm -f slow.h5*
"${slow[@]}" --set train.steps=1000000 -o slow.h5 > train.out 2>&1 &
trainer=$!
for _ in $(seq 400); do [[ -e slow.h5.state ]] && break; sleep 0.05; done
kill -TERM "$trainer" 2> /dev/null || true
wait "$trainer" || true
check "its checkpoint" "$BIN/attune-inspect" slow.h5.state
# A second signal does not wait.
"${slow[@]}" --set train.batch=1000000 -o twice.h5 > train.out 2>&1 &
trainer=$! status=0
pause 1000
kill -TERM "$trainer" 2> /dev/null || true
pause 200
begin=$(now)
kill -TERM "$trainer" 2> /dev/null || true
wait "$trainer" || status=$?
took=$(($(now) - begin))
check "a second SIGTERM: exit $status after $took ms" test "$status" = 143 -a "$took" -le 1000
# Rows by the million, and the end of them never comes.
"$BIN/attune-evaluate" "${many[@]}" --first 500 -o few.tsv
cut -f 1-11 few.tsv | grep -v '^#' > old.tsv  # as rows were before they had an end line
awk -F '\t' -v OFS='\t' 'NR == 1 { print; next } { line[NR] = $0 } END { for (n = 0; n < 4000; n++)
  for (i = 2; i <= NR; i++) { split(line[i], f, "\t"); f[10] = n * NR + i; out = f[1]
    for (j = 2; j <= 11; j++) out = out OFS f[j]; print out } }' old.tsv > long.tsv
both tabulate "$BIN/attune-tabulate" long.tsv -o table.md
mkfifo pipe
exec 9<> pipe
input=pipe
both "tabulate of a pipe" "$BIN/attune-tabulate" - -o table.md
both "plot of a pipe" "$BIN/attune-plot" cost -o picture.svg -
both "convert of a pipe" "$BIN/attune-convert" --reader table --input - -o piped.h5
input=""
exec 9>&-
for ending in "" .cost.json; do cp "few.tsv$ending" "long-1.tsv$ending"; done
cp long.tsv long-1.tsv
both plot "$BIN/attune-plot" cost -o picture.svg long-1.tsv
cd ..

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
