# convert → sample → train → evaluate → tabulate in many surroundings: every output has the same
# SHA-256.
. "$HERE/common.sh"
tiny_data > /dev/null
here=$PWD

# chain: the whole of it, in this folder.
chain() {
  "$BIN/attune-convert" --reader table --input "$here/rows.csv" -o pool.h5
  "$BIN/attune-sample" --pool pool.h5 --split val --ways 3 --shots 1 --queries 3 --episodes 20 --seed 1 -o val.h5
  "$BIN/attune-sample" --pool pool.h5 --split test --ways 3 --shots 1 --queries 3 --episodes 40 --seed 2 -o test.h5
  "$BIN/attune-train" --config "$here/cell.json" --pool pool.h5 --val val.h5 -q --threads "${THREADS:-1}" -o model.h5
  "$BIN/attune-evaluate" --model model.h5 --pool pool.h5 --episodes test.h5 --threads "${THREADS:-1}" -o rows.tsv.gz
  "$BIN/attune-evaluate" --model model.h5 --pool pool.h5 --episodes test.h5 --threads "${THREADS:-1}" > rows.tsv
  for format in markdown tsv json latex; do
    "$BIN/attune-tabulate" --format "$format" rows.tsv.gz -o "table.$format"
  done
}
outputs=(pool.h5 val.h5 test.h5 model.h5 model.h5.log.jsonl rows.tsv.gz rows.tsv table.markdown
  table.tsv table.json table.latex)
wanted=""
# same NAME command…: runs `chain` by way of the command and compares.
same() {
  local name=$1 folder
  shift
  folder="$here/in the folder $name"
  mkdir -p "$folder"
  if ! (cd "$folder" && "$@") > chain.out 2> chain.err; then
    wrong "$name: $(tail -1 chain.err)"
  else
    local have
    have=$(cd "$folder" && digest "${outputs[@]}")
    : "${wanted:=$have}"
    if [[ $have == "$wanted" ]]; then pass; else wrong "$name: other bytes"; fi
  fi
  rm -rf "$folder"
}
in_shell() { env "$@" bash -eu -o pipefail -c "$(declare -f chain); here='$here'; chain"; }
env_threads() { THREADS=$1 chain; }
with_umask() { umask "$1" && chain; }
closed() { chain <&-; }
aslr_off() { setarch -R bash -eu -o pipefail -c "$(declare -f chain); here='$here'; chain"; }
# Pages, stack and heap elsewhere: a long environment, and memory handed out otherwise.
shifted() { in_shell "PADDING=$(printf '%*s' "$1" '')" MALLOC_PERTURB_=165 MALLOC_ARENA_MAX=1; }

same "reference" chain
for repeat in $(seq "$(by_scope 1 20)"); do same "repeat $repeat" chain; done
for threads in $(by_scope 2 "2 3 4 7"); do same "$threads threads" env_threads "$threads"; done
for locale in $(by_scope tr_TR.UTF-8 "C POSIX tr_TR.UTF-8 de_DE.UTF-8 ar_EG.UTF-8 C.UTF-8"); do
  same "$locale" in_shell LC_ALL="$locale" LANG="$locale"
done
for zone in $(by_scope Pacific/Kiritimati "UTC America/St_Johns Pacific/Kiritimati Asia/Tokyo"); do
  same "zone ${zone//\//-}" in_shell TZ="$zone"
done
for mask in $(by_scope 077 "000 022 027 077"); do same "umask $mask" with_umask "$mask"; done
same "no stdin" closed
same "numbers of OpenMP and OpenBLAS" in_shell OMP_NUM_THREADS=5 OPENBLAS_NUM_THREADS=3 GOTO_NUM_THREADS=4
if setarch -R true 2> /dev/null; then same "addresses not random" aslr_off; fi
for bytes in $(by_scope 1000 "1 100 1000 5000 60000"); do same "environment of $bytes" shifted "$bytes"; done
if long; then
  for threads in 1 2; do
    for repeat in $(seq 80); do same "$threads threads, repeat $repeat" env_threads "$threads"; done
  done
fi
echo "COUNT $((passed + failed)) runs of the whole chain"
finish
