# Names that are the same to Unicode and to the eye are one class, wherever they stand; two folders
# or files of one name are refused.
. "$HERE/../tiny.sh"
nfc=$'Caf\u00e9' nfd=$'Cafe\u0301'
names() { /usr/bin/python3 -c 'import h5py, sys
for name in h5py.File(sys.argv[1])[sys.argv[2]][:]: print(name.decode())' "$@"; }
classes() { names "$1" /pool/class_name; }
printf 'x,%s\n1,%s\n2,%s\n3,%s\n4,z\n5, z\u00a0\n6,z\u200b\n' "$nfd" "$nfc" "$nfd" "$nfd" > t.csv
"$BIN/attune-convert" --reader table --set label="$nfc" --set 'fractions=[0.5,0,0.5]' --input t.csv -o t.h5 > out
[ "$(cut -f 2,3 out)" = $'2\t6' ]
[ "$(classes t.h5)" = "$nfc"$'\nz' ]
# The same as JSON lines, with settings in the other spelling.
/usr/bin/python3 - "$nfc" "$nfd" <<'PYTHON'
import json, sys
nfc, nfd = sys.argv[1:]
with open("t.jsonl", "w", encoding="utf-8") as out:
    for i, label in enumerate((nfc, nfd, "z", "z\u00a0")):
        out.write(json.dumps({"t" + nfd: f"text {i}", nfc: label}) + "\n")
PYTHON
"$BIN/attune-convert" --reader text --set text="t$nfc" --set label="$nfd" --set split=classes \
  --set "train_classes=[\"$nfd\"]" --set 'test_classes=["z "]' --input t.jsonl -o j.h5 > /dev/null
[ "$(classes j.h5)" = "$nfc"$'\nz' ]
fails 1 "test_classes: $nfc: want each class in one split" "$BIN/attune-convert" --reader text \
  --set text="t$nfc" --set label="$nfd" --set split=classes --set "train_classes=[\"$nfd\",\"z\"]" \
  --set "test_classes=[\"$nfc\"]" --input t.jsonl -o new.h5

# Folders, a zip and a tar of them, and a list: the same pool from all.
python3 "$HERE/raw.py" pictures pets
mv pets/bee "pets/$nfd"
printf '%s\ncow\ndog\n' "$nfc" > train; printf 'eel\nfox\n' > test
convert=("$BIN/attune-convert" --reader images --set split=lists --set train_list=train --set test_list=test)
"${convert[@]}" --input pets -o folder.h5 > /dev/null
[ "$(classes folder.h5 | head -1)" = "$nfc" ]
(cd pets && python3 -m zipfile -c ../pets.zip ./* && python3 -m tarfile -c ../pets.tar ./*)
for archive in pets.zip pets.tar; do
  "${convert[@]}" --input $archive -o archive.h5 > /dev/null
  cmp folder.h5 archive.h5
done
printf '%s\ncow\ndgo\n' "$nfc" > train
fails 1 'train: dgo: want a class of pets, have none \(did you mean dog\?\)' "${convert[@]}" --input pets -o new.h5
printf '%s\ncow\n%s\n' "$nfc" "$nfd" > train
fails 1 'train: line 3: want each class once' "${convert[@]}" --input pets -o new.h5
printf '%s\ncow\ndog\n' "$nfc" > train
cp -r "pets/$nfd" "pets/$nfc"
fails 1 'pets: want each folder once, have two spellings of .*"Cafe\\u\{301\}" and "Caf\\u\{e9\}" \(rename one\)' \
  "${convert[@]}" --input pets -o new.h5
rm -r "pets/$nfc"
cp -r pets/cow $'pets/cow\u00a0'
fails 1 'pets: want names that differ to the eye, have two spellings of cow: "cow" and "cow\\u\{a0\}"' \
  "${convert[@]}" --input pets -o new.h5
# Texts in folders, and languages by files, likewise.
mkdir -p texts/cow texts/dog $'texts/cow\u200b'
for folder in texts/*; do for i in 1 2; do echo "$folder $i" > "$folder/$i.txt"; done; done
fails 1 'texts: want names that differ to the eye' "$BIN/attune-convert" --reader text_folder --input texts -o new.h5
mkdir in
for language in aa bb "$nfd"; do printf 'one\t%s 1\ntwo\t%s 2\n' "$language" "$language" > "in/$language.tsv"; done
"$BIN/attune-convert" --reader pairs --set split=classes --set "train_classes=[\"aa\",\"$nfc\"]" \
  --set 'test_classes=["bb"]' --input in -o pairs.h5 > /dev/null
names pairs.h5 /language/name | grep -x "$nfc" > /dev/null
cp "in/$nfd.tsv" "in/$nfc.tsv"
fails 1 'in: want names that differ to the eye, have two spellings of' "$BIN/attune-convert" --reader pairs \
  --set 'fractions=[0.5,0,0.5]' --input in -o new.h5
[ ! -e new.h5 ]
