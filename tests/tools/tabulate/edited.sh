# Rows that were edited, or belong to another side file, make no table.
. "$HERE/../tiny.sh"
{
  printf 'cell\ttrained_on\tseed\ttest\tepisode_file\tmodel\tways\tshots\tqueries\tepisode\taccuracy\tloss\n'
  for k in 0 1 2 3 4 5 6 7 8 9; do
    printf 'a\tp:train\t0\t3w1s\teeee\tmmmm\t3\t1\t3\t%d\t%s\t0.1\n' $k "$(awk "BEGIN { printf \"%.17g\", $k / 9 }")"
  done
} > rows.tsv
"$BIN/attune-tabulate" rows.tsv | grep -q '| 50.00 ± '
edited() { # COLUMN VALUE MESSAGE: in line 5
  awk -F '\t' -v OFS='\t' -v C="$1" -v V="$2" 'NR == 5 { $C = V } { print }' rows.tsv > edited.tsv
  fails 1 "edited.tsv: line 5: $3" "$BIN/attune-tabulate" edited.tsv
}
edited 11 0.123 'accuracy: want a whole number of 9 answers, divided by them, have 0.123'
edited 11 1.7 'accuracy: want 0 to 1, have 1.7'
edited 12 nan 'loss: want a number, have "nan"'
edited 12 -1 'loss: want a finite number, 0 or more, have -1'
edited 7 20 'ways: want 3 as before for this cell, seed and test, have 20'
edited 8 2 'shots: want 1 as before'
edited 9 x 'queries'
edited 10 -3 'episode: want 0 or more, have -3'
edited 10 2.5 'episode'
edited 3 -1 'seed: want 0 or more'
edited 6 other 'model: want mmmm'
head -1 rows.tsv > header.tsv
fails 1 'header.tsv: want at least one row' "$BIN/attune-tabulate" rows.tsv header.tsv

# A side file of other rows or of another model.
sealed() { sed '1s/$/\tsplit\tmode\ttested_on\ttested_pool\ttrained_pool\tconfig\tbits/
  2,$s/$/\ttest\tinductive\tp\taaaaaaaaaaaaaaaa\taaaaaaaaaaaaaaaa\taaaaaaaaaaaaaaaa\tavx2/'; }
sealed < rows.tsv > new.tsv
seal=$(sha256sum < new.tsv | cut -d ' ' -f 1)
fails 1 'new.tsv' "$BIN/attune-tabulate" new.tsv
echo "#end rows=10 sha256=$seal" >> new.tsv
set=${seal:0:16} other=0123456789abcdef
"$BIN/attune-tabulate" new.tsv | grep -q '| 50.00 ± '
side() { printf '{"set": "%s", "evaluate_seconds": %s, "model": {"set": "%s", "steps": 11}}' "$@"; }
side $set 7 mmmm > new.tsv.cost.json
"$BIN/attune-tabulate" --costs --format tsv new.tsv | grep -q $'^a\t.*11.0000\t.*7.0000'
side $other 8 mmmm > new.tsv.cost.json
for table in '' --costs --pairs; do
  fails 1 "new.tsv.cost.json: want the side file of these rows \(set $set\), have .*$other.*evaluate again" \
    "$BIN/attune-tabulate" $table new.tsv
done
fails 1 'new.tsv.cost.json' "$BIN/attune-plot" validation -o x.svg new.tsv
# The right one still has its first name: evaluation was killed before it got the other.
side $set 9 mmmm > new.tsv.cost.json.$set
"$BIN/attune-tabulate" --costs --format tsv new.tsv | grep -q $'\t9.0000'
rm new.tsv.cost.json.$set
side $set 7 other > new.tsv.cost.json
fails 1 'new.tsv.cost.json: model: want that of these rows \(mmmm\), have other' "$BIN/attune-tabulate" --costs new.tsv
# Those of older versions name no set.
echo '{"evaluate_seconds": 6}' > new.tsv.cost.json
"$BIN/attune-tabulate" --costs --format tsv new.tsv | grep -q $'\t6.0000'
