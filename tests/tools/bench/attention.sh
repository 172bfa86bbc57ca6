# make bench-attention: short lengths of every kind, the limits, growth and forecasts, the plot.
program="$BIN/../tests/bench/attune-bench-attention"
bench="$HERE/../../bench"
export OMP_WAIT_POLICY=passive
attention() { /usr/bin/python3 -B "$bench/attention.py" "$program" "$@"; }

"$program" list > kinds
attention all.md --quick > out 2> progress
cmp out all.md
# Each kind ran both ways at both lengths, and took time; each is a row of the four tables of its
# group and a curve of the plot.
[ "$(head -1 all.tsv)" = "$(printf 'group\tkind\tmode\titems\tseconds\tleast\tmost\tmib\tstatus')" ]
while IFS=/ read -r group kind; do
  awk -F'\t' -v g="$group" -v k="$kind" '$1 == g && $2 == k && $9 == "ran" && $5 > 0 { n++ } END { exit n != 4 }' all.tsv
  [ "$(grep -c "^| $kind |" all.md)" -ge 4 ]
  grep -q ">$kind</text>" all.svg
done < kinds
[ "$(wc -l < kinds)" -ge 20 ]
# The comparison: both ways at both lengths, whether or not there is a PyTorch to compare with.
[ "$(grep -cE '^\| (32|100) \| forward' all.md)" = 4 ]
"$program" plot --rows all.tsv -o all.png
[ "$(head -c 4 all.png | tail -c 3)" = PNG ]

# Lengths whose memory passes the limit say so, and those after them are not tried; which lengths these
# are depends on the machine. AddressSanitizer maps more than any limit: it has none.
if ! ldd "$program" | grep -q libasan; then
  # One thread: where programs share the cores, threads wait for each other a thousand times longer
  # than such lengths take, which would foretell a limit of time.
  attention over.md --only graph --sizes 10 40 160 320 --mib 30 --seconds 300 --rounds 1 --threads 1 \
    > over.out 2> progress
  grep -qE '^\| graph \|( [0-9.]+ (µs|ms|s) \|)+ over 30 MiB' over.md
  grep -q 'over 30 MiB\*' over.md
fi
# A run that was killed goes on: what it measured stands in the table as it was.
long=(killed.md --ledger killed.jsonl --only uniform,softmax --sizes 10 40 160 3000 --rounds 1)
/usr/bin/python3 -B "$bench/attention.py" "$program" "${long[@]}" > killed.out 2> progress &
until [ -e killed.jsonl ] && [ "$(grep -c '"value"' killed.jsonl)" -ge 3 ]; do sleep 0.05; done
kill -9 $!
wait $! || true
cp killed.jsonl before.jsonl
attention "${long[@]}" > killed.out 2> progress
[ ! -e killed.jsonl ]
/usr/bin/python3 - <<'PYTHON'
import json
measured = [json.loads(line)["value"] for line in open("before.jsonl").read().splitlines()[1:]]
rows = [line.split("\t") for line in open("killed.tsv").read().splitlines()[1:]]
assert len(rows) == 16, rows
for cell in measured:
    if isinstance(cell, dict):
        seconds = f"{cell['seconds']:.6g}"
        assert any(r[1:5] == [cell["kind"], cell["mode"], str(cell["items"]), seconds] for r in rows), cell
PYTHON
# A step over the limit of time is ended.
attention late.md --only causal --sizes 10 1000 2000 --seconds 0.005 --rounds 1 > late.out 2> progress
grep -qE 'over 0.005 s \|.* over 0.005 s\*' late.md

# Growth: known powers come back from the upper half; what is over a limit has none.
(cd "$bench" && /usr/bin/python3 -B -c '
import attention_report as tell
points = [(10, 5.0), (20, 9.0)] + [(n, 3e-6 * n**1.5) for n in (100, 1000, 10000)]
slope, first, last = tell.growth(points)
assert abs(slope - 1.5) < 1e-12 and (first, last) == (100, 10000), (slope, first, last)
assert tell.growth([(100, 1.0), (1000, None)]) is None
assert abs(tell.predicted(points, 100000) - 3e-6 * 100000**1.5) < 1e-9
assert abs(tell.predicted([(100, 1e-5), (200, 1.0)], 400) - 8) < 1e-12
assert tell.predicted([(100, 1.0)], 200) is None
')

# What talks to the runner talks to a person too, and refuses what it can't do.
[ "$(printf '2\n3\n' | "$program" time --kind normalisers/softmax --items 50 --both | wc -l)" = 4 ]
fails() { local code=0; "${@:3}" > fails.out 2> fails.err || code=$?; [ "$code" = "$1" ]; grep -q "$2" fails.err; }
fails 2 'have nonsense' "$program" time --kind nonsense
fails 2 'items: want 5' "$program" time --items 4
fails 1 'no such kind' attention none.md --only nonsense
fails 1 'want column' "$program" plot --rows kinds

# The ledger of what was measured: a line that was cut short is measured again, other settings begin anew.
cat > ledger_test.py <<'PYTHON'
import pathlib, sys
sys.path.insert(0, sys.argv[1])
from ledger import Ledger
path = pathlib.Path("one.jsonl")
Ledger(path, {"rounds": 1}).put([1.5, "x"], "kind", "both", 10)
assert Ledger(path, {"rounds": 1}).get("kind", "both", 10) == [1.5, "x"]
assert Ledger(path, {"rounds": 1}).get("kind", "both", 20) is None
with path.open("a") as file:
    file.write('{"key": "kind both 20", "va')
cut = Ledger(path, {"rounds": 1})
assert list(cut.entries) == ["kind both 10"]
cut.put(2, "kind both 30")
assert list(Ledger(path, {"rounds": 1}).entries) == ["kind both 10", "kind both 30"]
assert Ledger(path, {"rounds": 2}).entries == {}
assert Ledger(path, {"rounds": 1}).entries == {}
PYTHON
/usr/bin/python3 -B ledger_test.py "$bench"
