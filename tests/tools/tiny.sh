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
