# A floor of translation from data to table: convert, sample, train, evaluate, tabulate.
. "$HERE/../tiny.sh"
"$BIN/attune-convert" --reader numbers --set source=digits -o numbers.h5 > /dev/null
sample=("$BIN/attune-sample" --pool numbers.h5 --set task=translation)
"${sample[@]}" --set episodes.shots=40 --episodes 76 --seed 1 -o test.h5 > line.txt
cut -f 1-2 line.txt | grep -qP '^test.h5\t76$'
"${sample[@]}" --set episodes.shots=40 --episodes 76 --seed 1 -o again.h5 > /dev/null
cmp test.h5 again.h5
"${sample[@]}" --set episodes.shots=20 --split val --episodes 10 -o val.h5 > /dev/null
fails 2 'ways' "${sample[@]}" --ways 5 --episodes 2 -o new.h5
fails 2 'want 110 pairs' "${sample[@]}" --set episodes.shots=105 --episodes 2 -o new.h5
fails 2 'shorts' "${sample[@]}" --set episodes.shorts=5 --episodes 2 -o new.h5
for kind in analogy copy_nearest; do
  train=("$BIN/attune-train" --pool numbers.h5 --set task=translation --set translator.kind=$kind)
  "${train[@]}" --val val.h5 -o $kind.h5 > line.txt
  cut -f 1-3 line.txt | grep -qP "^$kind.h5\t0\t-$"
  "$BIN/attune-evaluate" --model $kind.h5 --pool numbers.h5 --episodes test.h5 -o $kind.tsv
done
[ "$(head -1 analogy.tsv | tr '\t' ' ' | cut -d' ' -f 7-)" = \
  "shots queries episode exact_match chrf cer language group split mode tested_on tested_pool trained_pool config bits" ]
[ "$(tail -n +2 analogy.tsv | grep -v '^#' | cut -f 9 | sort -n | tail -1)" = 75 ]
# Whole rows of episodes visit each group of test languages equally often.
[ "$(tail -n +2 analogy.tsv | grep -v '^#' | cut -f 14 | sort | uniq -c | awk '{ print $1 }' | sort -u)" = 4 ]
awk -F '\t' 'NR > 1 { sum += $10 } END { exit !(sum / (NR - 1) > 0.8) }' <(grep -v '^#' analogy.tsv)
[ "$(tail -n +2 copy_nearest.tsv | grep -v '^#' | cut -f 10 | sort -u)" = 0 ]
"$BIN/attune-tabulate" analogy.tsv copy_nearest.tsv > table.md
grep -q 'Exact match in percent' table.md
grep -q '^| analogy' table.md
fails 2 'anology.*analogy' "$BIN/attune-train" --pool numbers.h5 --set task=translation \
  --set translator.kind=anology -o new.h5
fails 1 'attune-pairs' "$BIN/attune-train" --pool test.h5 --set task=translation -o new.h5
fails 2 'transductive' "$BIN/attune-evaluate" --model analogy.h5 --pool numbers.h5 \
  --episodes test.h5 --transductive -o new.tsv
"$BIN/attune-convert" --reader numbers -o other.h5 > /dev/null
fails 1 'pairs_sha256' "$BIN/attune-evaluate" --model analogy.h5 --pool other.h5 --episodes test.h5 -o new.tsv
[ ! -e new.h5 ] && [ ! -e new.tsv ]
