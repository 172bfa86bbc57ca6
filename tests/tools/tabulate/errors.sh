# Exit codes and error lines; an old output stays when a new one can't be made.
head='cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss'
row() { printf '%s\tg:train\t0\t5w1s\t%s\tm\t5\t1\t20\t%d\t%s\t0.1\n' "$@"; }
refused() { # code arguments…
  local want=$1 status=0
  shift
  "$BIN/attune-tabulate" "$@" >out 2>err </dev/null || status=$?
  [[ $status == "$want" && ! -s out ]]
  [[ $(wc -l <err) == 1 ]]
  grep -q '^attune-tabulate: error: ' err
}
{ printf "$head\n"; row a aaaa 0 0.5; row b bbbb 0 0.5; } >mixed.tsv
refused 1 mixed.tsv
grep -q 'aaaa (cell a) and bbbb (cell b)' err
{ printf "$head\n"; row a aaaa 0 0.5; row a aaaa 0 0.5; } >twice.tsv
refused 1 twice.tsv
grep -q 'twice.tsv: line 3' err
{ printf "$head\n"; row a aaaa 0 1.5; } >range.tsv
refused 1 range.tsv
grep -q 'accuracy: want 0 to 1, have 1.5' err
printf "$head\nshort\n" >short.tsv
refused 1 short.tsv
printf "$head\n" >empty.tsv
refused 1 empty.tsv
refused 1 missing.tsv
grep -q missing.tsv err
refused 2
{ printf "$head\n"; row a aaaa 0 0.5; } >good.tsv
refused 2 --format html good.tsv
grep -q 'markdown' err
refused 2 --experimental x good.tsv
refused 1 --against short.tsv good.tsv
echo kept >table.md
refused 1 -o table.md mixed.tsv
[[ $(cat table.md) == kept ]]
"$BIN/attune-tabulate" -o table.md good.tsv
grep -q '50.00' table.md
status=0
"$BIN/attune-tabulate" good.tsv >/dev/full 2>err || status=$?
[[ $status == 1 ]]
