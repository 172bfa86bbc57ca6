# Texts: trained, killed and resumed to the same bits at any number of threads, tested on another
# pool whose words have other numbers, started from word vectors.
. "$HERE/../tiny.sh"
tiny_texts
train=("$BIN/attune-train" --config text-cell.json --pool texts.h5 --val text-val.h5 -q)
evaluate() { "$BIN/attune-evaluate" --model "$1" --pool "$2" --episodes "${@:3}"; }
accuracy() { evaluate "$@" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "accuracy") a = i; next } { s += $a; n++ } END { print s / n }'; }

"${train[@]}" --threads 1 -o one.h5 > one.out
"${train[@]}" --threads 2 -o two.h5 > two.out
cmp one.h5 two.h5
for encoder in '{"kind": "recurrent", "hidden": 8, "cell": "gru", "embedding": {"features": 8}}' \
  '{"kind": "transformer", "layers": 1, "embedding": {"features": 8}, "self": {"heads": 2}}'; do
  for threads in 1 2; do
    "${train[@]}" --set "learner.encoder=$encoder" --set train.steps=6 --set train.validate_every=3 \
      --threads $threads -o encoder$threads.h5 > /dev/null
  done
  cmp encoder1.h5 encoder2.h5
done
"${train[@]}" --checkpoint-seconds 0 -o killed.h5 > /dev/null & pid=$!
for _ in $(seq 200); do [ -e killed.h5.state ] && break; sleep 0.01; done
kill -9 $pid 2> /dev/null || true
wait $pid 2> /dev/null || true
"${train[@]}" -o killed.h5 > /dev/null
cmp one.h5 killed.h5

# Only training classes' words are known, each with its number of examples.
/usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("one.h5") as model, h5py.File("texts.h5") as pool:
    p, words = pool["/pool"], pool["/pool/word"][:]
    begin, count, examples = p["token_begin"][:], {}, 0
    for i, y in enumerate(p["y"][:]):
        if p["class_split"][y] != 0: continue
        examples += 1
        for w in set(p["token"][begin[i]:begin[i + 1]]): count[words[w]] = count.get(words[w], 0) + 1
    known = dict(zip(model["/vocabulary/word"][:], model["/vocabulary/examples"][:]))
    assert known == count and len(known) < len(words), (known, count)
    assert model["/vocabulary/totals"][0] == examples
PYTHON

# The same sentences among others: words have other numbers, answers are the same.
(cat texts.tsv; printf 'a zebra\tzz\nthe aardvark\tzz\n') > more.tsv
test_classes=$(/usr/bin/python3 -c 'import h5py; p = h5py.File("texts.h5")["/pool"]
print(",".join("\"%s\"" % n.decode() for n, s in zip(p["class_name"], p["class_split"]) if s == 2))')
"$BIN/attune-convert" --reader text --input more.tsv --set split=classes --set unlisted=skip \
  --set "test_classes=[$test_classes]" -o other.h5 > /dev/null
"$BIN/attune-sample" --pool other.h5 --split test --ways 3 --shots 2 --queries 3 --episodes 20 --seed 1 -o other-test.h5 > /dev/null
[ "$(accuracy one.h5 other.h5 other-test.h5)" = "$(accuracy one.h5 texts.h5 text-test.h5)" ]
awk -v a="$(accuracy one.h5 texts.h5 text-test.h5)" 'BEGIN { exit !(a > 0.45) }'

# What is known of the tested texts is told beside the rows. In another alphabet nothing is: the
# answers are those of their spelling, or, where all words are one, chance.
evaluate one.h5 texts.h5 text-test.h5 -o known.tsv
/usr/bin/python3 - <<'PYTHON'
import h5py, json
text = json.load(open("known.tsv.cost.json"))["text"]
with h5py.File("one.h5") as model, h5py.File("texts.h5") as pool:
    p, known = pool["/pool"], set(model["/vocabulary/word"][:])
    words, begin, token = p["word"][:], p["token_begin"][:], p["token"][:]
    tests = [token[begin[i]:begin[i + 1]] for i, y in enumerate(p["y"][:]) if p["class_split"][y] == 2]
    tokens = [words[w] for t in tests for w in t]
    want = {"words": len(set(tokens)), "known_words": len(set(tokens) & known), "tokens": len(tokens),
            "known_tokens": sum(w in known for w in tokens), "texts": len(tests), "unknown_texts": 0}
    assert text == want and 0 < text["known_tokens"] < text["tokens"], (text, want)
rows = [line.rstrip("\n").split("\t") for line in open("texts.tsv")]
greek = str.maketrans({chr(97 + i): chr(0x3b1 + i) for i in range(25)})
with open("greek.tsv", "w") as out:
    for i, (text, label) in enumerate(rows):
        out.write((text.translate(greek) if i else text) + "\t" + label + "\n")
    for label in sorted({label for _, label in rows[1:]}): out.write("\t" + label + "\n")  # no token at all
PYTHON
"$BIN/attune-convert" --reader text --input greek.tsv --set split=classes --set unlisted=skip \
  --set "test_classes=[$test_classes]" -o greek.h5 > /dev/null
"$BIN/attune-sample" --pool greek.h5 --split test --ways 3 --shots 2 --queries 3 --episodes 20 --seed 1 -o greek-test.h5 > /dev/null
sed 's/, "ngrams": true, "buckets": 256//' text-cell.json > plain.json
"${train[0]}" --config plain.json --pool texts.h5 -q --set train.steps=4 -o plain.h5 > /dev/null
for model in one plain; do
  evaluate $model.h5 greek.h5 greek-test.h5 -o $model.tsv
  ! grep -qi nan $model.tsv
  grep -qE '"known_tokens": 0, "texts": ([0-9]+), "unknown_texts": \1}' $model.tsv.cost.json
done
awk -v a="$(accuracy one.h5 greek.h5 greek-test.h5)" 'BEGIN { exit !(a > 0.4) }'
awk -v a="$(accuracy plain.h5 greek.h5 greek-test.h5)" 'BEGIN { exit !(a > 0.2 && a < 0.5) }'

# Word vectors: words that stand in the file are known although no training example has them.
printf '3 16\ncccc' > v.vec; for i in $(seq 16); do printf ' 0.%d' $i >> v.vec; done
printf '\nthe' >> v.vec; for i in $(seq 16); do printf ' 1' >> v.vec; done
printf '\nnowhere' >> v.vec; for i in $(seq 16); do printf ' 2' >> v.vec; done; echo >> v.vec
"${train[@]}" --vectors v.vec -o vectors.h5 > /dev/null
! cmp -s one.h5 vectors.h5
/usr/bin/python3 - <<'PYTHON'
import h5py
words = list(h5py.File("vectors.h5")["/vocabulary/word"][:])
assert b"the" in words and b"cccc" in words and b"nowhere" not in words
PYTHON
sed 's/^3 16/2 16/' v.vec > count.vec
fails 1 'count.vec: .*want the 2 vectors' "${train[@]}" --vectors count.vec -o new.h5
sed 's/ 1$//' v.vec > short.vec
fails 1 'short.vec: line 3: want a word and 16 numbers' "${train[@]}" --vectors short.vec -o new.h5
printf 'nowhere 1 2\n' > none.vec
fails 1 'none.vec: want vectors of some words of texts.h5, have none' "${train[@]}" --vectors none.vec -o new.h5
fails 2 'learner.encoder.embedding.features: want 16 as the vectors have, have 8' \
  "${train[@]}" --set learner.encoder.embedding.features=8 --vectors v.vec -o new.h5
tiny_data
fails 2 'vectors: want a task of labelled texts' "$BIN/attune-train" --config cell.json --pool pool.h5 --vectors v.vec -q -o new.h5
fails 2 'mlp wants images or feature vectors, have texts' \
  "$BIN/attune-train" --config cell.json --pool texts.h5 -q -o new.h5
fails 2 'this kind wants texts' "${train[@]:0:1}" --config text-cell.json --pool pool.h5 -q -o new.h5
fails 1 'texts' "$BIN/attune-evaluate" --model one.h5 --pool pool.h5 --episodes test.h5
[ ! -e new.h5 ]
