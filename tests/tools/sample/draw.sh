# Drawing, its line on stdout, byte identity, and reading the file with h5py alone.
. "$HERE/../tiny.sh"
tiny_data
shape="--pool pool.h5 --split train+val --ways 4 --shots 2 --queries 3 --seed 5"
"$BIN/attune-sample" $shape --episodes 30 -o a.h5 > a.out
(cd / && TZ=Asia/Tokyo LC_ALL=C "$BIN/attune-sample" ${shape/pool.h5/"$OLDPWD/pool.h5"} \
  --episodes 30 -o "$OLDPWD/b.h5") > b.out
cmp a.h5 b.h5
[ "$(cut -f 1,2 a.out)" = $'a.h5\t30' ]
[ "$(cut -f 3 a.out)" = "$(cut -f 3 b.out)" ]
grep -qE $'\t[0-9a-f]{64}$' a.out
[ "$(wc -l < a.out)" = 1 ]
"$BIN/attune-sample" $shape --seed 6 --episodes 30 -o c.h5 2> /dev/null && exit 1  # --seed twice
"$BIN/attune-sample" ${shape/--seed 5/--seed 6} --episodes 30 -o c.h5 > c.out
[ "$(cut -f 3 a.out)" != "$(cut -f 3 c.out)" ]
"$BIN/attune-sample" $shape --episodes 30 -o a.h5 | head -1 | cmp - a.out  # over the old file
rm -f c.h5.tmp
[ -z "$(find . -name '*.tmp')" ]

if ! /usr/bin/python3 -c 'import h5py' 2> /dev/null; then
  echo "SKIPPED: reading with h5py, which is not installed"
  exit 0
fi
/usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("pool.h5") as pool, h5py.File("a.h5") as file:
    y, x = pool["/pool/y"][...], pool["/pool/x"]
    assert x.shape == (300, 6) and x.dtype == "float32", x
    names = pool["/pool/class_name"].asstr()[...]
    assert sorted(names) == ["class%02d" % c for c in range(30)], names
    assert file.attrs["pool_sha256"] == pool.attrs["sha256"]
    assert file.attrs["format"].decode() == "attune-episodes" and file.attrs["ways"] == 4
    assert file.attrs["split"].decode() == "train+val" and file.attrs["complete"] == 1
    classes, support, query = (file[name][...] for name in ("classes", "support", "query"))
    assert classes.shape == (30, 4) and support.shape == (30, 8) and query.shape == (30, 12)
    assert (y[support] == classes.repeat(2, axis=1)).all()
    assert (y[query] == classes.repeat(3, axis=1)).all()
    assert (pool["/pool/class_split"][...][classes] < 2).all()
    for s, q in zip(support, query):
        assert len(set(s) | set(q)) == 20
    for dataset in (file["classes"], x, pool["/pool/y"]):
        assert dataset.fletcher32 and dataset.shuffle and dataset.compression == "gzip"
        assert dataset.attrs["about"]
PYTHON
