# Files of every format version so far stay readable and give what they gave when they were made:
# each folder of tests/golden. For a new version, add a folder, and nothing here.
. "$HERE/../tiny.sh"
golden="$HERE/../../golden"
bin=$BIN
run() { "$bin/attune-$1" "${@:2}"; }

compare() { /usr/bin/python3 "$HERE/compare.py" "$@"; }

# inspect reads a file and names its kind; what it says stays in inspected.txt.
inspect() {
  run inspect "$1" > inspected.txt
  grep -q $'^format\tattune-' inspected.txt
  grep -qP '^sha256\t[0-9a-f]{64}$' inspected.txt
}

# In a copy of one family's folder: pool.h5 (unless simulated), test.h5, model.h5, rows.tsv …
check_family() {
  local pool=()
  [ ! -e pool.h5 ] || pool=(--pool pool.h5)
  for file in *.h5; do inspect "$file"; done
  run inspect model.h5 --text /config > config.txt
  run inspect model.h5 --text /log | compare log - model.h5.log.jsonl
  run evaluate --model model.h5 "${pool[@]}" --episodes test.h5 --cell golden --test t -o new.tsv
  compare rows rows.tsv new.tsv
  compare rows rows.tsv.gz new.tsv
  # Old rows by themselves, and their costs; the same from both files.
  for rows in rows.tsv rows.tsv.gz; do
    run tabulate --format tsv $rows > new-table.tsv
    compare table table.tsv new-table.tsv
  done
  # Old rows beside today's.
  run evaluate --model model.h5 "${pool[@]}" --episodes test.h5 --cell today --test t -o today.tsv
  run tabulate rows.tsv today.tsv > both.md
  grep -q '^| golden' both.md
  grep -q '^| today' both.md
  run tabulate --costs rows.tsv > costs.md
  grep -q '^| golden' costs.md
  if [ -e probe.tsv.gz ]; then
    run tabulate --faithfulness probe.tsv.gz > faithfulness.md
    grep -q '^| golden' faithfulness.md
    run probe --model model.h5 "${pool[@]}" --episodes test.h5 --cell golden --test t -o new-probe.tsv
    compare rows probe.tsv.gz new-probe.tsv
  fi
  # A pool and a model are good for more: episodes of it, a training that stops where it did.
  if [ -e val.h5 ]; then
    run train --config config.json "${pool[@]}" --val val.h5 -q --stop-from model.h5 -o again.h5 > again.txt
    run evaluate --model again.h5 "${pool[@]}" --episodes test.h5 -o again.tsv
  fi
}

# Training goes on from an old checkpoint to where it would have ended, or refuses it in one line
# that says what to do, and leaves it as it was.
check_checkpoint() {
  inspect model.h5.state
  cp model.h5.state before
  local status=0
  run train --config config.json --pool pool.h5 --val val.h5 -q -o model.h5 > went.txt 2> went.err || status=$?
  cat went.err
  if [ $status = 0 ]; then
    compare log model.h5.log.jsonl whole.h5.log.jsonl
    ! grep -q 'anew' went.err
  else
    [ "$(wc -l < went.err)" = 1 ]
    grep -q 'model.h5.state.*--restart' went.err
    cmp before model.h5.state
    run train --config config.json --pool pool.h5 --val val.h5 -q -o model.h5 --restart > went.txt
  fi
  [ -e model.h5 ]
}

versions=0
for version in "$golden"/v*/; do
  version=$(basename "$version")
  cp -r "$golden/$version" .
  families=0
  for family in "$version"/*/; do
    cd "$family"
    if [ -e model.h5.state ]; then check_checkpoint; else check_family; fi
    cd ../..
    families=$((families + 1))
  done
  [ $families -ge 6 ]
  versions=$((versions + 1))
done
[ $versions -ge 1 ]
