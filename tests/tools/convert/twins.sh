# Examples that stand in two splits, in two classes or again and again are told on stderr, and only
# told: the pool is written and the exit is 0.
. "$HERE/../tiny.sh"
# warns PATTERN LINES command…: exit 0 and so many lines on stderr, one of them with the pattern.
warns() {
  local pattern=$1 lines=$2
  shift 2
  "$@" > warns.out 2> warns.err
  cat warns.err
  [ "$(wc -l < warns.err)" = "$lines" ]
  grep -qE -- "^attune-convert: warning: $pattern\$" warns.err
}
quiet() { "$@" > quiet.out 2> quiet.err && [ ! -s quiet.err ]; }
images=("$BIN/attune-convert" --reader images --set size=10 --set split=lists --set train_list=train
  --set test_list=test --input pets -o p.h5)
python3 "$HERE/raw.py" pictures pets
printf 'bee\ncow\ndog\n' > train; printf 'eel\nfox\n' > test
quiet "${images[@]}"
cp pets/cow/1.png pets/eel/0.png
warns '1 of 8 test examples stand in train too, e.g. eel example 1 = cow example 2' 1 "${images[@]}"
cp pets/bee/*.png pets/fox/
warns '5 of 8 test examples stand in train too, e.g. fox example 1 = bee example 1, .*, …' 1 "${images[@]}"
cp pets/bee/3.png pets/dog/2.png
warns '2 of 20 examples stand in two classes of one split, e.g. dog example 3 = bee example 4' 2 "${images[@]}"
for i in 1 2 3; do cp pets/cow/0.png pets/cow/$i.png; done
warns '1 of 5 classes hold one example again and again, e.g. cow' 3 "${images[@]}"

lists=(--set split=lists --set train_list=train --set test_list=test)
# Numbers, before and after they are standardised.
printf 'x,label\n1,bee\n2,bee\n3,cow\n4,cow\n5,dog\n6,dog\n7,eel\n4.0,eel\n9,fox\n10,fox\n' > n.csv
for standardise in true false; do
  warns '1 of 4 test examples stand in train too, e.g. eel example 2 = cow example 2' 1 \
    "$BIN/attune-convert" --reader table "${lists[@]}" --set standardise=$standardise --input n.csv -o n.h5
done
# Texts: what a learner is shown of them.
printf 'text\tlabel\nThe  hive\tbee\nwax\tbee\nmilk\tcow\ngrass\tcow\nbone\tdog\nleash\tdog\nthe HIVE\teel\nsea\teel\nden\tfox\nred\tfox\n' > t.tsv
warns '1 of 4 test examples stand in train too, e.g. eel example 1 = bee example 1 "the HIVE"' 1 \
  "$BIN/attune-convert" --reader text "${lists[@]}" --input t.tsv -o t.h5
quiet "$BIN/attune-convert" --reader text "${lists[@]}" --set tokens.fold=false --input t.tsv -o t.h5

# Pairs: a test language that is a training language under another name, whole or in part.
mkdir in
for language in bee cow dog eel fox; do
  for word in one two three four five six seven eight nine ten eleven twelve; do
    printf '%s\t%s\n' "$word" "$language $word"; done > in/$language.tsv
done
pairs=("$BIN/attune-convert" --reader pairs "${lists[@]}" --input in -o pairs.h5)
quiet "${pairs[@]}"
sed -n '1,2p' in/cow.tsv > two && sed -n '3,12p' in/eel.tsv >> two && mv two in/eel.tsv
warns '1 of 2 test languages have a tenth of their pairs or more in train too, e.g. eel 2 of 12 \(eel pair 1 = cow pair 1\)' 1 "${pairs[@]}"
cp in/bee.tsv in/fox.tsv
warns '2 of 2 test languages .*, fox 12 of 12 \(fox pair 1 = bee pair 1\)' 1 "${pairs[@]}"
