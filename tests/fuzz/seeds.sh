# Sourced by run.sh in a fresh folder: small files of every format, below seeds/<name>.
mkdir -p seeds/{checkpoint,config,image,archive,table,rows,report,hdf5,model,episodes,catalogue,tokens,vectors}
. "$here/../tools/tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --set train.steps=2 --pool pool.h5 --val val.h5 -q \
  --checkpoint-seconds 0 -o model.h5 > /dev/null
"$BIN/attune-evaluate" --model model.h5 --pool pool.h5 --episodes test.h5 --first 5 -o seeds/rows/rows.tsv.gz
gzip -dc seeds/rows/rows.tsv.gz > seeds/rows/rows.tsv
for format in markdown tsv json; do
  "$BIN/attune-tabulate" --format $format seeds/rows/rows.tsv -o seeds/report/table.$format
done
cp pool.h5 test.h5 model.h5 seeds/hdf5/
cp model.h5 seeds/model/
# Of a run that is killed once it has a checkpoint.
until [[ -e killed.h5.state ]]; do
  "$BIN/attune-train" --config cell.json --pool pool.h5 -q --checkpoint-seconds 0 -o killed.h5 &> /dev/null &
  trainer=$!
  until [[ -e killed.h5.state ]] || ! kill -0 "$trainer" 2> /dev/null; do :; done
  kill -KILL "$trainer" 2> /dev/null || true
  wait "$trainer" 2> /dev/null || true
done
cp killed.h5.state seeds/checkpoint/
# Forged ones: the first byte adds to the version; then of each part 0 keeps it, 1 drops it, 2 changes its
# type, 4 its shape, 8 and 16 its value.
for kind in checkpoint model; do
  printf '' > seeds/$kind/as-it-is
  printf '\1' > seeds/$kind/version
  for part in 1 4 8 12 16 20; do
    zeros=$(printf '\\0%.0s' $(seq $part))
    printf "$zeros\\1" > seeds/$kind/without-$part
    printf "$zeros\\2\\4" > seeds/$kind/type-$part
    printf "$zeros\\4\\2\\3\\3" > seeds/$kind/shape-$part
    printf "$zeros\\10\\10\\377\\377\\377\\377\\377\\377\\377\\377" > seeds/$kind/value-$part
  done
done
cp cell.json seeds/config/
head -5 rows.csv > seeds/table/comma.csv
printf 'a;"b ""c""";label\r\n1;2;x\r\n' > seeds/table/semicolon.csv
python3 "$here/../tools/convert/raw.py" pictures pictures
cp pictures/bee/*.png seeds/image/
python3 "$here/jpeg.py" > seeds/image/grey.jpg
(cd pictures && tar -cf ../seeds/archive/pictures.tar bee && tar -czf ../seeds/archive/pictures.tgz bee &&
  python3 -c 'import shutil; shutil.make_archive("../seeds/archive/pictures", "zip", "bee")')
# 2-way 1-shot with 1 query, one episode of classes 4 and 5 of the small pool.
printf '\2\1\1\0\1\0\2\4\5\2\20\24\2\21\25' > seeds/episodes/one
# The first byte of texts and vectors chooses how they are read.
printf '\0Is it \xc3\x89t\xc3\xa9? \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d' > seeds/tokens/words
printf '\4e\xcc\x81 \xef\xac\x81\xe2\x80\x8b' > seeds/tokens/characters
printf '\10{"text": "a b", "label": 3}\n' > seeds/tokens/json
printf '\0\xc3(' > seeds/tokens/broken
printf '\0002 2\na 1 2\nb -1e3 .5\n' > seeds/vectors/header
printf '\3a 1 2\nb 3 4' > seeds/vectors/glove
printf '\1a 1 2\nb 3\n' > seeds/vectors/ragged
printf '\1a nan\n' > seeds/vectors/nan
python3 - <<'PYTHON'
import struct
header = (0x950412DE, 0, 2, 28, 44, 0, 0, 0, 60, 4, 61, 3, 66, 6, 70)
texts = b"\0Chad\0abc\0Tschad\0"
for order, name in ("<", "little"), (">", "big"):
    whole = struct.pack(order + "15I", *header) + texts
    open("seeds/catalogue/" + name, "wb").write(whole)
open("seeds/catalogue/cut", "wb").write(whole[:-5])
open("seeds/catalogue/far", "wb").write(struct.pack(">15I", *header[:-1], 0xFFFFFFFF) + texts)
PYTHON
