# One's own labelled texts: a table, JSON lines, a folder for each class, a pipe; what is refused.
. "$HERE/../tiny.sh"
convert=("$BIN/attune-convert")
printf 'text,label\n"Où est, la gare?",way\n"Wo ist\nder Bahnhof",way\n"",bank\nשלום,bank\nx,odd\ny,odd\n' > t.csv
/usr/bin/python3 - <<'PYTHON'
import csv, json, os
rows = list(csv.DictReader(open("t.csv", encoding="utf-8", newline="")))
with open("t.jsonl", "w", encoding="utf-8") as lines:
    for row in rows: lines.write(json.dumps({"body": row["text"], "topic": row["label"], "id": 7}) + "\n")
for i, row in enumerate(rows):
    os.makedirs("texts/" + row["label"], exist_ok=True)
    open(f"texts/{row['label']}/{i}.txt", "w", encoding="utf-8", newline="").write(row["text"])
PYTHON
[ "$("${convert[@]}" --reader text --input t.csv -o csv.h5 | cut -f 1-3)" = "$(printf 'csv.h5\t3\t6')" ]
"${convert[@]}" --reader text --input - -o pipe.h5 < t.csv > /dev/null
cmp csv.h5 pipe.h5
"${convert[@]}" --reader text --set text=body --set label=topic --input t.jsonl -o json.h5 > /dev/null
"${convert[@]}" --reader text_folder --input texts -o folder.h5 > /dev/null
(cd texts && tar -czf ../texts.tgz .)
"${convert[@]}" --reader text_folder --input texts.tgz -o archive.h5 > /dev/null
/usr/bin/python3 - <<'PYTHON'
import h5py
def examples(name):
    with h5py.File(name) as f:
        p, words = f["/pool"], [w.decode() for w in f["/pool/word"][:]]
        begin, token, text, at = p["token_begin"][:], p["token"][:], bytes(p["text"][:]), p["text_begin"][:]
        return [(p["class_name"][y].decode(), [words[w] for w in token[begin[i]:begin[i + 1]]],
                 text[at[i]:at[i + 1]].decode()) for i, y in enumerate(p["y"][:])]
first = examples("csv.h5")
assert first[4] == ("way", ["où", "est", ",", "la", "gare", "?"], "Où est, la gare?"), first
assert first[0] == ("bank", [""], "") and first[1][1] == ["שלום"], first
for other in "json.h5", "folder.h5", "archive.h5": assert examples(other) == first, other
PYTHON
"$BIN/attune-inspect" csv.h5 | grep -q '^\|/pool/token'

fails 1 't.csv: want a column "body", have text, label' "${convert[@]}" --reader text --set text=body --input t.csv -o new.h5
printf 'text,label\nok,a\n\377\376,a\n' > latin.csv
fails 1 'latin.csv.*UTF-8' "${convert[@]}" --reader text --input latin.csv -o new.h5
printf '{"text": "a", "label": "b"}\n{"text": 1.5, "label": "b"}\n' > odd.jsonl
fails 1 'odd.jsonl: line 2: text: want a text or a whole number' "${convert[@]}" --reader text --input odd.jsonl -o new.h5
fails 2 'want --input' "${convert[@]}" --reader text -o new.h5
fails 2 'tokens.break' "${convert[@]}" --reader text --set tokens.break=word --input t.csv -o new.h5
fails 2 'want no --input' "${convert[@]}" --reader langid --input t.csv -o new.h5
[ ! -e new.h5 ]
