# Bit flips, cuts, zeroed and swapped sectors and junk in every kind of file that we write, read by
# the program that reads it: refused with one line or of no effect; no crash, no hang, and never
# other results without a word.
. "$HERE/common.sh"
tiny_data
train=("$BIN/attune-train" --config cell.json --pool pool.h5 -q --threads 1)
"${train[@]}" -o model.h5 > train.out
"$BIN/attune-evaluate" --model model.h5 --pool pool.h5 --episodes test.h5 --threads 1 -o rows.tsv.gz
# A checkpoint in the middle of a run.
until [[ -e m.h5.state ]]; do
  "${train[@]}" --set train.steps=200 --checkpoint-seconds 0 -o m.h5 &
  trainer=$!
  until [[ -e m.h5.state ]] || ! kill -0 "$trainer"; do :; done
  kill -KILL "$trainer" || true
  wait "$trainer" || true
done > /dev/null 2>&1
cases=$(by_scope 12 400)
evaluate=("$BIN/attune-evaluate" --threads 1)

# damage NAME FILE RESULT… -- COMMAND…
damage() {
  local name=$1 file=$2 good=0 bad=1
  shift 2
  python3 "$HERE/damage.py" "$name" "$file" "$cases" 7 "$@" | tee damage.out
  read -r good bad <<< "$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' damage.out)"
  passed=$((passed + good)) failed=$((failed + bad))
}
damage pool pool.h5 a.h5 -- "$BIN/attune-sample" --pool {} --ways 3 --queries 3 --episodes 5 -o a.h5
damage episodes test.h5 a.tsv -- "${evaluate[@]}" --model model.h5 --pool pool.h5 --episodes {} -o a.tsv
damage model model.h5 a.tsv -- "${evaluate[@]}" --model {} --pool pool.h5 --episodes test.h5 -o a.tsv
damage rows rows.tsv.gz -- "$BIN/attune-tabulate" {}
damage state m.h5.state damaged-m.h5 damaged-m.h5.log.jsonl -- \
  "${train[@]}" --set train.steps=200 -o damaged-m.h5
finish
