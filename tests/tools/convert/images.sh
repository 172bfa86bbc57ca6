# One's own pictures: a folder, a zip and a tar of it give the same pool.
. "$HERE/../tiny.sh"
python3 "$HERE/raw.py" pictures pets
convert=("$BIN/attune-convert" --reader images)
[ "$("${convert[@]}" --input pets -o folder.h5 | cut -f 1-3)" = "$(printf 'folder.h5\t5\t20')" ]
(cd pets && python3 -m zipfile -c ../pets.zip ./* && python3 -m tarfile -c ../pets.tar ./*)
gzip -k pets.tar
for archive in pets.zip pets.tar pets.tar.gz; do
  "${convert[@]}" --input $archive -o archive.h5 > /dev/null
  cmp folder.h5 archive.h5
done
"${convert[@]}" --set size=8 --set channels=3 --set invert=true --input pets -o other.h5 > /dev/null
cmp -s folder.h5 other.h5 && exit 1

echo 'not a picture' > pets/bee/notes.txt
"${convert[@]}" --input pets -o noted.h5 > /dev/null
echo 'not a picture' > pets/bee/9.png
fails 1 'pets: bee/9.png: want a PNG or JPEG image' "${convert[@]}" --input pets -o new.h5
rm pets/bee/9.png
head -c 60 pets/bee/1.png > pets/bee/9.png
fails 1 'pets: bee/9.png: PNG: ' "${convert[@]}" --input pets -o new.h5
rm pets/bee/9.png
ln -s 1.png pets/bee/link.png
fails 1 'bee/link.png: want regular files' "${convert[@]}" --input pets -o new.h5
rm pets/bee/link.png
mkdir pets/gnu && cp pets/bee/1.png pets/gnu/
fails 1 'class gnu: want at least 2 examples, have 1' "${convert[@]}" --input pets -o new.h5
[ "$("${convert[@]}" --set small_classes=skip --input pets -o skipped.h5 | cut -f 2)" = 5 ]
[ ! -e new.h5 ]

# A cut archive, one that leads out of its folder, one that lies about its size.
for bytes in 1 100 700; do
  head -c -$bytes pets.zip > cut.zip
  fails 1 'cut.zip: ' "${convert[@]}" --input cut.zip -o new.h5
done
python3 -c 'import zipfile
with zipfile.ZipFile("slip.zip", "w") as z: z.writestr("../up/1.png", b"x")
with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as z: z.writestr("a/1.png", bytes(40 << 20))'
fails 1 'slip.zip: ../up/1.png: want a name inside the archive' "${convert[@]}" --input slip.zip -o new.h5
fails 1 'bomb.zip: a/1.png: decompresses to more than 200 times' "${convert[@]}" --input bomb.zip -o new.h5
[ ! -e ../up ] && [ ! -e new.h5 ]
