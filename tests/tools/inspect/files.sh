# What inspect says of pools and episodes, and of files that are neither.
. "$HERE/../tiny.sh"
tiny_data
inspect() { "$BIN/attune-inspect" "$@"; }
inspect pool.h5 > pool.txt
grep -qx $'format\tattune-pool' pool.txt
grep -qx $'examples\t300' pool.txt
grep -qx $'classes\t30' pool.txt
grep -qP '^/pool/x\tfloat32 \(300,6\); features' pool.txt
grep -qP '^source\t\{.*\}$' pool.txt
[ "$(sed -n 's/^\(train\|val\|test\)_classes\t//p' pool.txt | paste -sd+ | bc)" = 30 ]
[ "$(sed -n 's/^\(train\|val\|test\)_examples\t//p' pool.txt | paste -sd+ | bc)" = 300 ]
[ -z "$(awk -F '\t' 'NF != 2' pool.txt)" ]
hash=$(sed -n 's/^sha256\t//p' pool.txt)
inspect val.h5 > val.txt
grep -qx $'pool_sha256\t'"$hash" val.txt
grep -qx $'episodes\t20' val.txt
grep -qx $'ways\t3' val.txt
grep -qP '^/query\tuint32 \(20,9\); ' val.txt
[ "$(sed -n 's/^sha256\t//p' val.txt)" = "$(head -1 sample.out | cut -f 3)" ]

inspect val.h5 --episode 19 > episode.tsv
[ "$(head -1 episode.tsv)" = $'part\tlabel\tclass\trow' ]
[ "$(tail -n +2 episode.tsv | cut -f 1,2 | uniq -c | awk '{ print $1 $2 $3 }' | paste -sd' ')" = \
  "1support0 1support1 1support2 3query0 3query1 3query2" ]
[ -z "$(tail -n +2 episode.tsv | cut -f 4 | sort | uniq -d)" ]
inspect val.h5 --episode 0 | head -1 > /dev/null
inspect pool.h5 --text /pool/class_name > names
[ "$(wc -l < names)" = 30 ]
grep -qx class07 names

fails 2 'want a file, --kinds or --schema' inspect
fails 1 'episode 20: want a number below 20, have 20' inspect val.h5 --episode 20
fails 2 '--episode: want 0 or more, have -1' inspect val.h5 --episode=-1
fails 1 'pool.h5: want attune-episodes version 1, have attune-pool version 1' \
  inspect pool.h5 --episode 0
fails 1 'pool.h5: /nowhere: want a dataset, have none of that name' inspect pool.h5 --text /nowhere
fails 1 'pool.h5: /pool/y: want text, have uint32 \(300\)' inspect pool.h5 --text /pool/y
fails 1 'absent.h5: want an HDF5 file, have No such file' inspect absent.h5
fails 1 'rows.csv: want an HDF5 file, have another format' inspect rows.csv
fails 2 '' inspect pool.h5 val.h5
# Damage anywhere in the data is an error, never a different answer.
size=$(stat -c %s pool.h5)
refused=0
for place in $(seq 100 97 "$size"); do
  cp pool.h5 flipped.h5
  byte=$(od -An -tu1 -j "$place" -N 1 pool.h5)
  printf "\\x$(printf %02x $((byte ^ 16)))" | dd of=flipped.h5 bs=1 seek="$place" conv=notrunc status=none
  if inspect flipped.h5 > flipped.txt 2> flipped.err; then
    cmp flipped.txt pool.txt
  else
    [ "$(wc -l < flipped.err)" = 1 ]
    refused=$((refused + 1))
  fi
done
[ "$refused" -gt 20 ]
