# Episodes of texts: a page of HTML, weights of support texts and of tokens, reading in a terminal.
. "$HERE/../tiny.sh"
tiny_texts
"$BIN/attune-train" --config text-cell.json --pool texts.h5 --val text-val.h5 -q -o m.h5 > train.out
explain() { "$BIN/attune-explain" --model m.h5 --pool texts.h5 --episodes text-test.h5 "$@"; }
explain 3 0 -o one
[ "$(ls one | tr '\n' ' ')" = 'episode-0.html episode-0.tokens.tsv episode-0.tsv episode-3.html episode-3.tokens.tsv episode-3.tsv ' ]
explain 3 0 -o two
diff -r one two
# 9 queries by 6 support texts; the shares of each text's tokens sum to 1.
[ "$(wc -l < one/episode-0.tsv)" = 55 ]
awk -F'\t' 'NR > 1 { s[$2 " " $3] += $8 } END { for (t in s) { if (s[t] < 0.9999 || s[t] > 1.0001) exit 1; n++ } exit n != 15 }' \
  one/episode-0.tokens.tsv
cmp <(explain 0) one/episode-0.tsv
# Words of test classes are unknown, "the" is not.
awk -F'\t' '$6 == "the" { known += $7; seen++ } $6 ~ /^(.)\1\1\1$|^[a-l][a-l][a-l][a-l]$/ { strange += !$7; class++ }
  END { exit !(seen == 15 && known == 15 && class == 15 && strange == 15) }' one/episode-0.tokens.tsv
explain 0 --show plain > plain
[ "$(grep -c '^query ' plain)" = 6 ]
! grep -q "$(printf '\033')" plain
explain 0 --show colour --queries 0 > colour
[ "$(grep -c '^query ' colour)" = 9 ]
grep -q "$(printf '\033')\[48;2;" colour
right=$(grep -o '[0-9]* of 9 queries right' plain | cut -d' ' -f1)
"$BIN/attune-evaluate" --model m.h5 --pool texts.h5 --episodes text-test.h5 --first 1 > rows.tsv
awk -F'\t' -v r="$right" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "accuracy") a = i; next } { d = $a * 9 - r; exit !(d * d < 0.01) }' rows.tsv
fails 2 'show: want colour or plain, have html' explain 0 --show html
tiny_data
"$BIN/attune-train" --config cell.json --pool pool.h5 --val val.h5 -q -o table.h5 > train.out
fails 2 'show: want a pool of texts' "$BIN/attune-explain" --model table.h5 --pool pool.h5 --episodes test.h5 --show plain 0
# Attention to tokens alone: no weights of support texts.
"$BIN/attune-train" --set learner.kind=distributional_signature --set learner.embedding.features=8 \
  --set train.steps=2 --set episodes.ways=3 --pool texts.h5 -q -o signature.h5 > train.out
"$BIN/attune-explain" --model signature.h5 --pool texts.h5 --episodes text-test.h5 0 -o signature
[ "$(ls signature | tr '\n' ' ')" = 'episode-0.html episode-0.tokens.tsv ' ]
"$BIN/attune-train" --set learner.kind=tfidf_neighbour --pool texts.h5 -q -o floor.h5 > /dev/null
fails 1 'want attention over the support, have none in learner tfidf_neighbour' \
  "$BIN/attune-explain" --model floor.h5 --pool texts.h5 --episodes text-test.h5 0
