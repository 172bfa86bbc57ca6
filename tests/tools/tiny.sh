# Sourced by the scripts of this folder: a small table of numbers as pool.h5, val.h5, test.h5.
# 30 classes of 10 rows in 6 dimensions; the label column is last.
tiny_data() {
  awk 'BEGIN { s = 1; for (c = 0; c < 30; c++) { for (d = 0; d < 6; d++) m[d] = next_value() * 4;
    for (e = 0; e < 10; e++) { for (d = 0; d < 6; d++) printf "%.4f,", m[d] + next_value();
      printf "class%02d\n", c } } }
    function next_value() { s = (s * 16807) % 2147483647; return s / 2147483647 - 0.5 }' > rows.csv
  sed -i '1i a,b,c,d,e,f,label' rows.csv
  "$BIN/attune-convert" --reader table --input rows.csv -o pool.h5 > convert.out
  "$BIN/attune-sample" --pool pool.h5 --split val --ways 3 --shots 1 --queries 3 --episodes 20 \
    --seed 1 -o val.h5 > sample.out
  "$BIN/attune-sample" --pool pool.h5 --split test --ways 3 --shots 1 --queries 3 --episodes 40 \
    --seed 2 -o test.h5 >> sample.out
  cat > cell.json <<'JSON'
{"learner": {"kind": "matching", "encoder": {"kind": "mlp", "hidden": [16], "features": 8}},
 "episodes": {"ways": 4, "shots": 1, "queries": 3},
 "train": {"steps": 60, "validate_every": 20, "log_every": 10}}
JSON
}

# fails CODE PATTERN command…: the command must exit with CODE and say PATTERN in one line on stderr.
fails() {
  local code=$1 pattern=$2 have=0
  shift 2
  "$@" > fails.out 2> fails.err || have=$?
  if [ "$have" != "$code" ] || ! grep -qE -- "$pattern" fails.err || [ "$(wc -l < fails.err)" != 1 ]; then
    echo "want exit $code and one line with '$pattern', have exit $have:"
    cat fails.err
    return 1
  fi
}

# Labelled sentences as texts.h5, text-val.h5, text-test.h5: 12 classes of 12, each told by a word of
# its own among others that all have.
tiny_texts() {
  awk 'BEGIN { s = 7; print "text\tlabel"; for (c = 0; c < 12; c++) for (e = 0; e < 12; e++) {
    l = substr("abcdefghijkl", c + 1, 1); printf "the %s", l l l l
    for (n = pick(3); n > 0; n--) printf " w%d", pick(9); printf "\tclass%02d\n", c } }
    function pick(most) { s = (s * 16807) % 2147483647; return s % most }' > texts.tsv
  "$BIN/attune-convert" --reader text --input texts.tsv --set 'fractions=[0.5,0.25,0.25]' \
    -o texts.h5 > convert.out
  for split in val test; do
    "$BIN/attune-sample" --pool texts.h5 --split $split --ways 3 --shots 2 --queries 3 --episodes 20 \
      --seed 1 -o text-$split.h5 >> sample.out
  done
  cat > text-cell.json <<'JSON'
{"learner": {"kind": "matching", "encoder": {"kind": "average", "embedding": {"features": 16, "ngrams": true, "buckets": 256}}},
 "episodes": {"ways": 3, "shots": 2, "queries": 3},
 "train": {"steps": 60, "learning_rate": 0.01, "validate_every": 20, "log_every": 10}}
JSON
}
