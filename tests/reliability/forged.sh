# HDF5 files forged with another library from a pool of ours, most under a right content hash: see
# forged.py.
. "$HERE/common.sh"
python=/usr/bin/python3
"$python" -c 'import h5py' 2> /dev/null || { echo "SKIPPED: no python3-h5py, see make deps"; exit 0; }
tiny_data
"$python" "$HERE/forged.py" pool.h5 "$SCOPE" "$BIN/attune-inspect" {} -- \
  "$BIN/attune-sample" --pool {} --ways 3 --queries 3 --episodes 5 -o sampled.h5 | tee forged.txt
read -r passed failed <<< "$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' forged.txt)"
((passed > 0 && failed == 0))
