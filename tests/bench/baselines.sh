#!/usr/bin/env bash
# Times simulation and floors of an experiment of control: tasks drawn and written, every policy that
# is computed tuned and played on all of them. Exit status 1 when it takes longer than LIMIT seconds.
set -euo pipefail
experiment=${1:?usage: BIN=build/tools tests/bench/baselines.sh experiments/bandits-100-pulls.json}
bin=${BIN:?} limit=${LIMIT:-30} threads=${THREADS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_WAIT_POLICY=passive

# One file a cell, and the tasks' own; what is drawn is the only pool.
/usr/bin/python3 - "$experiment" "$work" <<'PYTHON'
import json, pathlib, sys
path, work = map(pathlib.Path, sys.argv[1:])
experiment = json.loads(path.read_text())
(pool, of), = experiment["pools"].items()
(test, how), = experiment["tests"].items()
root = {"task": "control", "environment": of["config"]}
(work / "tasks.json").write_text(json.dumps(root))
(work / "tasks.count").write_text(f"{how['episodes']} {how['seed']}")
for cell in experiment["cells"]:
    if cell.get("final") == "none":
        (work / f"{cell['name']}.cell").write_text(json.dumps({**root, **cell["config"]}))
PYTHON
read -r tasks seed < <(cat "$work/tasks.count" && echo)

seconds() { date +%s.%N; }
began=$(seconds)
"$bin/attune-sample" --config "$work/tasks.json" --episodes "$tasks" --seed "$seed" -o "$work/tasks.h5" > "$work/out"
printf '%-22s %6.1f s\n' "$tasks tasks drawn" "$(awk "BEGIN { print $(seconds) - $began }")"
for cell in "$work"/*.cell; do
  name=$(basename "$cell" .cell) from=$(seconds)
  "$bin/attune-train" --config "$cell" --threads "$threads" -q -o "$work/model.h5" > "$work/out"
  "$bin/attune-evaluate" --model "$work/model.h5" --episodes "$work/tasks.h5" --threads "$threads" -o "$work/rows.tsv"
  mean=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "reward") at = i; next }
    { sum += $at } END { printf "%.3f", sum / (NR - 1) }' "$work/rows.tsv")
  printf '%-22s %6.1f s   reward %s\n' "$name" "$(awk "BEGIN { print $(seconds) - $from }")" "$mean"
done
total=$(awk "BEGIN { printf \"%.1f\", $(seconds) - $began }")
echo "all: $total s at $threads threads, want at most $limit s"
awk "BEGIN { exit !($total <= $limit) }"
