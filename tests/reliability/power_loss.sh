# The power fails: what a program did to the disk, recorded by strace, is played back with writes that
# were not synced yet left out, cut in half or in another order, and with names that may or may not have
# changed. Each file is old or new and whole, those of a set are of one run, today's programs read them,
# and the next run ends as if nothing had happened.
. "$HERE/common.sh"
command -v strace > /dev/null || { echo "SKIPPED: no strace, see make deps"; exit 0; }
tiny_data
train=("$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q --threads 1
  --set train.validate_every=2 --checkpoint-seconds 0)
evaluate=("$BIN/attune-evaluate" --pool pool.h5 --episodes test.h5 --threads 1)
"${train[@]}" --set train.steps=2 -o old.h5 > train.out
"${train[@]}" --set train.steps=4 -o new.h5 > train.out
head -250 rows.csv > older.csv
states=$(by_scope 7 70)

# play NAME OUTPUT ENDINGS READER AGAIN: the folder `before` holds what is there before, AGAIN is what is
# recorded.
play() {
  local name=$1 good=0 bad=1
  rm -rf during && cp -a before during
  (cd during && strace -f -qq -xx -s 100000000 -e signal=none -o ../trace.txt \
    -e trace=openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,close,rename,unlink \
    bash -c "exec $5") > /dev/null 2> stderr.txt || { wrong "$name: $(cat stderr.txt)"; return; }
  sed -i "s|$(hex "$PWD/during")|$(hex "$PWD")|g" trace.txt
  python3 "$HERE/power_loss.py" trace.txt before "$states" 1 "$2" "$3" "$4" "$5" > play.out 2>&1 || true
  grep -v passed play.out || true
  read -r good bad <<< "$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' play.out)"
  passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
}
hex() { printf %s "$1" | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\\\x/g'; }

mkdir before
cp rows.csv before/
"$BIN/attune-convert" --reader table --input older.csv -o before/out.h5 > convert.out
play convert out.h5 - "'$BIN/attune-inspect' out.h5" \
  "'$BIN/attune-convert' --reader table --input rows.csv -o out.h5"

rm -rf before && mkdir before
cp pool.h5 val.h5 test.h5 cell.json before/
for ending in "" .log.jsonl .cost.json; do cp "old.h5$ending" "before/m.h5$ending"; done
play train m.h5 .log.jsonl,.cost.json \
  "${evaluate[*]} --model m.h5 -o - && { [[ ! -e m.h5.state ]] || '$BIN/attune-inspect' m.h5.state; }" \
  "${train[*]} --set train.steps=4 -o m.h5"

rm -rf before && mkdir before
for ending in "" .cost.json; do cp "new.h5$ending" "before/new.h5$ending"; done
cp pool.h5 test.h5 before/
(cd before && "${evaluate[@]}" --model ../old.h5 -o rows.tsv.gz)
play evaluate rows.tsv.gz .cost.json "'$BIN/attune-tabulate' --costs rows.tsv.gz" \
  "${evaluate[*]} --model new.h5 -o rows.tsv.gz"

# Readers take no member of another set.
"${evaluate[@]}" --model old.h5 -o a.tsv
"${evaluate[@]}" --model new.h5 -o b.tsv
check "costs of a set" "$BIN/attune-tabulate" --costs a.tsv
cp b.tsv.cost.json a.tsv.cost.json
check "costs of another set" fails 1 'a\.tsv\.cost\.json' "$BIN/attune-tabulate" --costs a.tsv
cp new.h5.cost.json old.h5.cost.json
check "a side file of another model" fails 1 'old\.h5\.cost\.json' "${evaluate[@]}" --model old.h5 -o a.tsv
finish
