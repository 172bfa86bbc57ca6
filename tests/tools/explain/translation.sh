# What of the support a translator reads each token of its answers from.
. "$HERE/../tiny.sh"
"$BIN/attune-convert" --reader numbers --set largest=19 -o numbers.h5 > /dev/null
"$BIN/attune-sample" --pool numbers.h5 --set task=translation --set episodes.shots=8 \
  --set episodes.queries=2 --episodes 3 --seed 1 -o test.h5 > /dev/null
train=("$BIN/attune-train" --pool numbers.h5 --set task=translation --set episodes.shots=8
  --set translator.source.break=words --set train.steps=2)
"${train[@]}" --set translator.kind=transformer --set translator.features=8 -o model.h5 > /dev/null
explain=("$BIN/attune-explain" --pool numbers.h5 --episodes test.h5)
"${explain[@]}" --model model.h5 0 2 > rows.tsv
[ "$(head -1 rows.tsv)" = $'episode\tquery\tmap\tstep\ttoken\tpair\tside\titem\ttext\tweight' ]
[ "$(tail -n +2 rows.tsv | cut -f 1 | sort -u | paste -sd' ')" = "0 2" ]
[ "$(tail -n +2 rows.tsv | cut -f 3 | sort -u | paste -sd' ')" = "layer1 layer2 pointer" ]
# Weights of a step add up to 1, those of the pointer are on targets alone.
awk -F '\t' 'NR > 1 { sum[$1 "," $2 "," $3 "," $4] += $10 }
  END { for (k in sum) if (sum[k] < 0.97 || sum[k] > 1.03) exit 1 }' rows.tsv
[ -z "$(awk -F '\t' '$3 == "pointer" && $7 != "target"' rows.tsv)" ]
"${explain[@]}" --model model.h5 --show plain 0 > shown.txt
grep -q ' → .*\[.*\]' shown.txt
"${explain[@]}" --model model.h5 -o pictures 0
[ "$(ls pictures | wc -l)" = 13 ]  # 2 queries, 3 maps, SVG and PNG; the rows
grep -q '<svg' pictures/episode-0.query1.pointer.svg
fails 1 'want a number below 3, have 3' "${explain[@]}" --model model.h5 3
"${train[@]}" --set translator.kind=seq2seq --set translator.features=8 -o plain.h5 > /dev/null
fails 1 'attends to the support, have seq2seq' "${explain[@]}" --model plain.h5 0
"$BIN/attune-train" --pool numbers.h5 --set task=translation -o floor.h5 > /dev/null
fails 1 'the floor analogy' "${explain[@]}" --model floor.h5 0
# Of a model that is told what analogy answers, how much of each token comes from there.
"$BIN/attune-convert" --reader numbers --set largest=39 --set source=places -o places.h5 > /dev/null
"$BIN/attune-sample" --pool places.h5 --set task=translation --set episodes.shots=30 \
  --set episodes.queries=8 --episodes 1 --seed 1 -o many.h5 > /dev/null
"$BIN/attune-train" --pool places.h5 --set task=translation --set episodes.shots=10 \
  --set translator.source.break=words --set train.steps=1 --set translator.kind=transformer \
  --set translator.features=8 --set translator.proposals=analogy -o told.h5 > /dev/null
told=("$BIN/attune-explain" --pool places.h5 --episodes many.h5 --model told.h5)
"${told[@]}" 0 > told.tsv
grep -q $'^0\t[0-7]\tproposal\t1\t.*\t-\t-\t-\t.*\t0\\.[0-9]*$' told.tsv
[ -z "$(awk -F '\t' '$3 == "proposal" && $5 != $9' told.tsv)" ]
"${told[@]}" --show plain 0 | grep -q $'\tanalogy 0\\.[1-9]'
"${told[@]}" -o told 0
grep -q '>analogy<' told/episode-0.query0.pointer.svg
