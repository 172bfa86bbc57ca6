#!/usr/bin/env bash
# Writes a folder of small files of today's format version, one folder per family of tasks:
#   BIN=build/check/tools tests/golden/make.sh tests/golden/v2
# BIN: the programs whose files are kept. The folder must not be there yet. See README.md here.
set -euo pipefail
export LC_ALL=C.UTF-8
BIN=$(cd "${BIN:?folder of the programs}" && pwd)
out=${1:?usage: make.sh FOLDER}
mkdir "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# What is run in each family's folder, where pool.h5 (if it needs one) and config.json are.
pool() { [ ! -e pool.h5 ] || echo --pool pool.h5; }
sample() { # file split episodes seed settings…
  local file=$1 split=$2 episodes=$3 seed=$4
  shift 4
  # shellcheck disable=SC2046
  "$BIN/attune-sample" $(pool) --split "$split" --episodes "$episodes" --seed "$seed" "$@" -o "$file" > /dev/null
}
# Trains, scores, and keeps the rows plain and compressed and the table of them.
train_and_score() {
  local val=()
  [ ! -e val.h5 ] || val=(--val val.h5)
  # shellcheck disable=SC2046
  "$BIN/attune-train" --config config.json $(pool) "${val[@]}" -q -o model.h5 > /dev/null
  score
}
score() {
  local rows
  for rows in rows.tsv rows.tsv.gz; do
    # shellcheck disable=SC2046
    "$BIN/attune-evaluate" --model model.h5 $(pool) --episodes test.h5 --cell golden --test t -o $rows
  done
  "$BIN/attune-tabulate" --format tsv rows.tsv > table.tsv
}
family() { mkdir -p "$out/$1" && cd "$out/$1"; }

/usr/bin/python3 - <<'PYTHON'
import os, random, struct, zlib
def chunk(name, data): return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
for c in range(7):
    os.makedirs(f"pictures/{'abcdefg'[c]}")
    for e in range(4):
        r = random.Random(100 * c + e)
        rows = b"".join(b"\0" + bytes(r.randrange(40) + (200 if (x + c * y) % 7 < 2 else 0) for x in range(16)) for y in range(16))
        with open(f"pictures/{'abcdefg'[c]}/{e}.png", "wb") as out:
            out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
r = random.Random(1)
with open("rows.csv", "w") as out:
    out.write("a,b,c,d,label\n")
    for c in range(20):
        mean = [r.uniform(-3, 3) for _ in range(4)]
        for e in range(6): out.write(",".join(f"{m + r.uniform(-1, 1):.3f}" for m in mean) + f",class{c:02}\n")
with open("texts.tsv", "w") as out:
    out.write("text\tlabel\n")
    for c in "abcdefghijkl":
        for e in range(5): out.write(f"the {4 * c} w{r.randrange(9)} w{r.randrange(9)}\tclass {c}\n")
os.makedirs("pairs")
for language in "abcdefgh":
    with open(f"pairs/{language}.tsv", "w") as out:
        for word in ("one", "two", "three", "four", "five", "six", "seven", "eight"):
            out.write(f"{word}\t{language}{word[::-1]}{language}\n")
PYTHON

family image
"$BIN/attune-convert" --reader images --set size=16 --set 'fractions=[0.57,0,0.43]' --input "$work/pictures" -o pool.h5 > /dev/null
sample test.h5 test 10 2 --ways 3 --shots 1 --queries 2
cat > config.json <<'JSON'
{"learner": {"kind": "matching", "encoder": {"kind": "conv4", "filters": 4}},
 "episodes": {"ways": 3, "shots": 1, "queries": 2}, "train": {"steps": 6, "log_every": 2}}
JSON
train_and_score

family features
"$BIN/attune-convert" --reader table --input "$work/rows.csv" -o pool.h5 > /dev/null
sample val.h5 val 10 1 --ways 3 --shots 2 --queries 2
sample test.h5 test 20 2 --ways 3 --shots 2 --queries 2
cat > config.json <<'JSON'
{"learner": {"kind": "matching", "encoder": {"kind": "mlp", "hidden": [8], "features": 8}},
 "episodes": {"ways": 3, "shots": 2, "queries": 2},
 "train": {"steps": 40, "validate_every": 20, "log_every": 20}}
JSON
train_and_score
"$BIN/attune-probe" --model model.h5 --pool pool.h5 --episodes test.h5 --cell golden --test t -o probe.tsv.gz

# A training that was stopped in the middle, and how it would have ended.
family checkpoint
cp ../features/pool.h5 ../features/val.h5 .
sed 's/"steps": 40/"steps": 1500/' ../features/config.json > config.json
"$BIN/attune-train" --config config.json --pool pool.h5 --val val.h5 -q -o whole.h5 > /dev/null
rm -f whole.h5.cost.json
for delay in 0.10 0.15 0.20 0.25 0.3 0.4 0.5 0.6 0.8 1; do
  timeout -s TERM $delay "$BIN/attune-train" --config config.json --pool pool.h5 --val val.h5 -q \
    --checkpoint-seconds 0 -o model.h5 > /dev/null || true
  [ ! -e model.h5.state ] || break
  rm -f model.h5 model.h5.*
done
[ -e model.h5.state ]

family text
"$BIN/attune-convert" --reader text --input "$work/texts.tsv" --set 'fractions=[0.5,0.25,0.25]' -o pool.h5 > /dev/null
sample val.h5 val 10 1 --ways 3 --shots 2 --queries 2
sample test.h5 test 20 2 --ways 3 --shots 2 --queries 2
cat > config.json <<'JSON'
{"learner": {"kind": "matching", "encoder": {"kind": "average", "embedding": {"features": 8, "ngrams": true, "buckets": 64}}},
 "episodes": {"ways": 3, "shots": 2, "queries": 2},
 "train": {"steps": 20, "learning_rate": 0.01, "validate_every": 10, "log_every": 10}}
JSON
train_and_score

family pairs
"$BIN/attune-convert" --reader pairs --set 'fractions=[0.5,0.25,0.25]' --input "$work/pairs" -o pool.h5 > /dev/null
sample val.h5 val 2 1 --set task=translation --set episodes.shots=3
sample test.h5 test 4 2 --set task=translation --set episodes.shots=3
cat > config.json <<'JSON'
{"task": "translation",
 "translator": {"kind": "transformer", "features": 8, "source": {"break": "words"}, "decoding": {"beam": 2}},
 "episodes": {"shots": 3, "queries": 2}, "train": {"steps": 4, "batch": 2, "validate_every": 2}}
JSON
train_and_score

family bandit
echo '{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5}}' > task.json
cat > config.json <<'JSON'
{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5},
 "agent": {"memory": {"kind": "gru", "hidden": 8}},
 "train": {"batch": 4, "steps": 10, "validate_every": 5}}
JSON
sample test.h5 test 20 1 --config task.json
sample val.h5 val 10 1 --config task.json
train_and_score

cd "$out"
"$BIN/attune-train" --version > made-with.txt
find . -size +30k -type f -exec echo 'over 30 KB:' {} +
du -sb .
