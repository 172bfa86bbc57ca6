# One's own table, from a file or a pipe; splits by fraction and by list.
. "$HERE/../tiny.sh"
convert=("$BIN/attune-convert" --reader table)
for class in anna bert carl dora emil; do
  for i in 1 2 3; do echo "$class;$i.5;$((i * i)),ignored"; done
done | tr , ';' | sed '1i name;x;"y ""2""";note' > ward.csv
settings=(--set label=name --set 'ignore=["note"]')
[ "$("${convert[@]}" "${settings[@]}" --input ward.csv -o a.h5 | cut -f 1-3)" = "$(printf 'a.h5\t5\t15')" ]
cat ward.csv | "${convert[@]}" "${settings[@]}" --input - -o b.h5 > /dev/null
cmp a.h5 b.h5
tr ';' '\t' < ward.csv > ward.tsv
[ "$("${convert[@]}" "${settings[@]}" --input ward.tsv -o c.h5 | cut -f 2,3)" = "$(printf '5\t15')" ]

printf 'anna\nbert\n' > train; echo carl > val; printf 'dora\nemil\n' > test
lists=(--set split=lists --set train_list=train --set val_list=val --set test_list=test)
"${convert[@]}" "${settings[@]}" "${lists[@]}" --input ward.csv -o d.h5 > /dev/null
echo dora >> val
fails 1 'test: dora: want each class in one split, have it also in val' \
  "${convert[@]}" "${settings[@]}" "${lists[@]}" --input ward.csv -o new.h5

sed 's/2.5/2,5/' ward.csv > comma.csv
fails 1 'comma.csv: line 3: column "x": want a number, have "2,5"' "${convert[@]}" "${settings[@]}" --input comma.csv -o new.h5
fails 1 'want a column "label", have name, x' "${convert[@]}" --input ward.csv -o new.h5
[ ! -e new.h5 ]
