# A learned translator from data to table, with the same bits at one thread and two.
. "$HERE/../tiny.sh"
"$BIN/attune-convert" --reader numbers --set largest=19 -o numbers.h5 > /dev/null
sample=("$BIN/attune-sample" --pool numbers.h5 --set task=translation --set episodes.shots=8)
"${sample[@]}" --episodes 19 --seed 1 -o test.h5 > /dev/null
"${sample[@]}" --split val --episodes 4 -o val.h5 > /dev/null
cat > config.json << 'JSON'
{"task": "translation",
 "translator": {"kind": "transformer", "features": 8, "source": {"break": "words"},
                "decoding": {"beam": 2}},
 "episodes": {"shots": 8, "queries": 2},
 "train": {"steps": 4, "batch": 2, "validate_every": 2}}
JSON
for threads in 1 2; do
  "$BIN/attune-train" --config config.json --pool numbers.h5 --val val.h5 --threads $threads \
    -o model.h5 > line$threads.txt
done
cmp line1.txt line2.txt
"$BIN/attune-inspect" model.h5 --text /config | grep -q '"length_penalty": 0.6'
"$BIN/attune-inspect" model.h5 | grep -q '/vocabulary/word'
"$BIN/attune-evaluate" --model model.h5 --pool numbers.h5 --episodes test.h5 -o rows.tsv
[ "$(tail -n +2 rows.tsv | grep -v '^#' | wc -l)" = 19 ]
[ "$(tail -n +2 rows.tsv | grep -v '^#' | cut -f 1 | sort -u)" = transformer ]
[ "$(tail -n +2 rows.tsv | grep -v '^#' | cut -f 2 | sort -u)" = numbers-cardinal-19:train ]
grep -q 'multiply_adds_per_episode' rows.tsv.cost.json
"$BIN/attune-tabulate" rows.tsv | grep -q '^| transformer'
# Another source language: its words are unknown, and its pairs are translated all the same.
"$BIN/attune-convert" --reader numbers --set largest=19 --set source=digits -o digits.h5 > /dev/null
"$BIN/attune-sample" --pool digits.h5 --set task=translation --episodes 2 --set episodes.shots=8 \
  -o digits-test.h5 > /dev/null
"$BIN/attune-evaluate" --model model.h5 --pool digits.h5 --episodes digits-test.h5 -o other.tsv
fails 2 'translator.decoding.bean.*beam' "$BIN/attune-train" --config config.json \
  --pool numbers.h5 --set translator.decoding.bean=2 -o new.h5
fails 2 'translator.encoder.self.normaliser.kind' "$BIN/attune-train" --config config.json \
  --pool numbers.h5 --set translator.encoder.self.normaliser.kind=softmix -o new.h5
fails 2 'want 30 pairs' "$BIN/attune-train" --config config.json --pool numbers.h5 \
  --set episodes.shots=28 -o new.h5
[ ! -e new.h5 ]
