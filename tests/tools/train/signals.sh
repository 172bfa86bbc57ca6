# SIGTERM writes a checkpoint and leaves with 143; the next call goes on to the same model.
. "$HERE/../tiny.sh"
tiny_data
long=(--config cell.json --set train.steps=100000 --pool pool.h5 --val val.h5 -q)
"$BIN/attune-train" "${long[@]}" -o long.h5 > /dev/null 2> err.txt &
pid=$!
sleep 0.6
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
[ "$code" = 143 ]
[ -s long.h5.state ]
[ ! -e long.h5 ]
[ -z "$(find . -name '.attune-*')" ]
