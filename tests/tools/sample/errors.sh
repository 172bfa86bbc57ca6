# Every wrong use is exit 2, every wrong file exit 1, each with one line; nothing is left behind.
. "$HERE/../tiny.sh"
tiny_data
sample() { "$BIN/attune-sample" --pool "${pool:-pool.h5}" --episodes "${episodes:-5}" \
  -o "${output:-x.h5}" "$@"; }
fails 2 'ways: want at least 100 classes, have' sample --ways 100 --queries 3
fails 2 'class ".*": want 16 examples \(shots \+ queries\), have 10' sample --queries 15
fails 2 '--ways: want 2 to 16777216, have 1' sample --ways 1
fails 2 '--shots: want 1 to 16777216, have -3' sample --shots=-3
fails 2 '--seed: want 0 to 9223372036854775807, have -1' sample --seed=-1
fails 2 'split: want train, val, test, .* have "tset"' sample --split tset
fails 2 'did you mean --queries' sample --querys 3
fails 2 'ways' sample --ways five
episodes=0 fails 2 '--episodes: want 1 to' sample
episodes=1e4 fails 2 'episodes' sample
fails 2 'pool' "$BIN/attune-sample" --episodes 5 -o x.h5
output=- fails 2 'want a file name for HDF5' sample --queries 3
output=absent/x.h5 fails 1 'absent/x.h5' sample --queries 3
pool=absent.h5 fails 1 'absent.h5: want an HDF5 file, have No such file' sample
pool=rows.csv fails 1 'rows.csv: want an HDF5 file, have another format' sample
pool=. fails 1 'want an HDF5 file, have a folder' sample
pool=/dev/zero fails 1 '/dev/zero: want an HDF5 file' sample
mkfifo pipe
pool=pipe fails 1 'pipe: want an HDF5 file' sample
: > empty.h5
pool=empty.h5 fails 1 'empty.h5: want an HDF5 file, have an empty file' sample
pool=val.h5 fails 1 'val.h5: want attune-pool version 1, have attune-episodes version 1' sample
head -c 3000 pool.h5 > cut.h5
pool=cut.h5 fails 1 'cut.h5: want an undamaged HDF5 file' sample
[ ! -e x.h5 ]
[ -z "$(find . -name '*.tmp')" ]
sample --queries 3 > /dev/full 2> full.err && exit 1
grep -q 'attune-sample: error: ' full.err
"$BIN/attune-sample" --help | grep -q 'attune-sample --pool'
"$BIN/attune-sample" --version | grep -q '^attune-sample .*HDF5 '
