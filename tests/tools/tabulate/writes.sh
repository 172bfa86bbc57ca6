# Several tables from rows that are read once: the bytes of those made one by one, all or none.
head='cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss'
rows() { # cell accuracies…
  local cell=$1 episode=0
  shift
  printf "$head\n"
  for accuracy in "$@"; do
    printf '%s\tg:train\t0\t5w1s\taaaa\tm%s\t5\t1\t20\t%d\t%s\t0.1\n' "$cell" "$cell" $((episode++)) "$accuracy"
  done
}
rows a 0.8 0.9 1 0.7 >a.tsv
rows b 0.5 0.6 0.9 0.65 >b.tsv
"$BIN/attune-tabulate" --write scores=all.md --write scores=all.tsv --write scores=all.json \
  --write pairs=pairs.tex --write costs=costs.csv a.tsv b.tsv >out
[[ ! -s out ]]
"$BIN/attune-tabulate" a.tsv b.tsv | cmp - all.md
"$BIN/attune-tabulate" --format tsv a.tsv b.tsv | cmp - all.tsv
"$BIN/attune-tabulate" --format json a.tsv b.tsv | cmp - all.json
"$BIN/attune-tabulate" --format latex --pairs a.tsv b.tsv | cmp - pairs.tex
"$BIN/attune-tabulate" --format csv --costs a.tsv b.tsv | cmp - costs.csv

refused() { # what the line says, arguments…
  local says=$1 status=0
  shift
  "$BIN/attune-tabulate" "$@" a.tsv b.tsv >out 2>err </dev/null || status=$?
  [[ $status == 2 && ! -s out && $(wc -l <err) == 1 && ! -e new.md ]]
  grep -qF -- "$says" err
}
refused 'want KIND=FILE' --write new.md
refused 'want one of scores, pairs' --write score=new.md
refused 'ends in .csv, .json' --write scores=new
refused 'ends in .csv, .json' --write scores=new.html
refused 'want each file once' --write scores=new.md --write pairs=new.md
refused 'have --pairs' --write scores=new.md --pairs
refused 'have --output' --write scores=new.md -o other.md
refused 'want --experiment' --write scores=new.md --write published=other.md
# An input is no output, and what stands before it in the list is not written either.
cp a.tsv kept.tsv
status=0
"$BIN/attune-tabulate" --write scores=a.tsv a.tsv b.tsv 2>err || status=$?
[[ $status != 0 ]]
cmp a.tsv kept.tsv
