# Sourced by run.sh in a fresh folder: small files of every format, below seeds/<name>.
mkdir -p seeds/{config,image,archive,table,rows,report,hdf5,episodes}
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
