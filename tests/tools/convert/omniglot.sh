# Omniglot from archives to a pool: both splits, the same bytes whatever the surroundings.
python3 "$HERE/raw.py" omniglot raw
convert=("$BIN/attune-convert" --reader omniglot --set verify=false)

"${convert[@]}" --input raw -o vinyals.h5 > line
[ "$(cut -f 1-3 line)" = "$(printf 'vinyals.h5\t20\t400')" ]
grep -qE '^[0-9a-f]{64}$' <(cut -f 4 line)
[ "$("${convert[@]}" --set split=lake --input raw -o lake.h5 | cut -f 2,3)" = "$(printf '40\t800')" ]
[ "$("${convert[@]}" --set rotations=false --input raw -o up.h5 | cut -f 2,3)" = "$(printf '5\t100')" ]

mkdir elsewhere
(cd elsewhere && umask 077 && LC_ALL=C TZ=Asia/Tokyo OMP_NUM_THREADS=2 "${convert[@]}" --input ../raw/ -o again.h5 > /dev/null)
cmp vinyals.h5 elsewhere/again.h5
[ "$(ls -A elsewhere)" = again.h5 ]

# Settings may come from a file; unpacked drawings are the same drawings.
echo '{"kind": "omniglot", "verify": false, "split": "vinyals"}' > config.json
"$BIN/attune-convert" --config config.json --input raw -o again.h5 > /dev/null
cmp vinyals.h5 again.h5
(cd raw && python3 -c 'import zipfile
for part in "background", "evaluation": zipfile.ZipFile(f"images_{part}.zip").extractall()' && rm ./*.zip)
"${convert[@]}" --input raw -o again.h5 > /dev/null
cmp vinyals.h5 again.h5

# Without verify=false these are not Omniglot; an old output stays as it was.
. "$HERE/../tiny.sh"
fails 1 'raw: identity of the 200 drawings: want [0-9a-f]{64}, have [0-9a-f]{64}' \
  "$BIN/attune-convert" --reader omniglot --input raw -o again.h5
cmp vinyals.h5 again.h5
rm raw/splits/vinyals/val.txt
fails 1 'splits/vinyals/val.txt' "$BIN/attune-convert" --config config.json --input raw -o new.h5
[ ! -e new.h5 ]
fails 1 'want images_background.zip' "$BIN/attune-convert" --config config.json --input elsewhere -o new.h5
