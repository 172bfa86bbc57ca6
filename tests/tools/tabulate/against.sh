# What changed: paired against rows of the same episodes, plain otherwise, and against old tables.
head='cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss'
rows() { # cell episode-file accuracies…
  local cell=$1 file=$2 episode=0
  shift 2
  printf "$head\n"
  for accuracy in "$@"; do
    printf '%s\tglyphs:train\t0\t5w1s\t%s\tm\t5\t1\t20\t%d\t%s\t0.1\n' \
      "$cell" "$file" $((episode++)) "$accuracy"
  done
}
rows matching aaaa 0.5 0.6 0.9 0.4 >old.tsv
rows matching aaaa 0.6 0.6 1 0.6 >new.tsv
rows matching bbbb 0.5 0.6 0.9 0.4 | gzip >other.tsv.gz

line() { grep '^| matching' | sed 's/  */ /g'; }
"$BIN/attune-tabulate" --against old.tsv new.tsv | line |
  grep -qxF '| matching | 5w1s | paired: 4 episodes | 60.00 ± 34.37 | 70.00 ± 31.82 | +10.00 ± 12.99 |'
"$BIN/attune-tabulate" --against other.tsv.gz new.tsv | line |
  grep -qxF '| matching | 5w1s | plain: other episodes | 60.00 ± 34.37 | 70.00 ± 31.82 | +10.00 |'
for format in markdown tsv json; do
  "$BIN/attune-tabulate" --format "$format" old.tsv >"table.$format"
  "$BIN/attune-tabulate" --against "table.$format" new.tsv | line |
    grep -qxF '| matching | 5w1s | plain: old side is a table | 60.00 ± 34.37 | 70.00 ± 31.82 | +10.00 |'
done
"$BIN/attune-tabulate" --against new.tsv --format tsv new.tsv | tail -1 |
  grep -qxF $'matching\t5w1s\tpaired: 4 episodes\t70.0000\t31.8245\t70.0000\t31.8245\t0.0000\t0.0000'
