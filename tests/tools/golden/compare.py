"""Compares what an old file held with what today's programs say, by the names of columns:
compare.py rows OLD NEW | table OLD NEW | log OLD NEW. Exit 1 with the first difference."""
import csv
import gzip
import json
import sys

# Another class of processors may add in another order; accuracies are counts.
CLOSE = 1e-4
# Biases before a batch normalisation have gradients of mere rounding, which Adam makes as large as
# any; training loss does not see them, running statistics, which follow late, do.
CLOSE_IN_VALIDATION = 0.02


def text_of(path):
    if path == "-":
        return sys.stdin.read()
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
        return file.read()


def table_of(path):
    lines = [line for line in text_of(path).split("\n") if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def same(name, old, new):
    a, b = number(old), number(new)
    if a is None or b is None or name == "accuracy":
        return old == new
    close = CLOSE_IN_VALIDATION if name.startswith("val_") else CLOSE
    return abs(a - b) <= close * max(1, abs(a))


def compare(olds, news, names):
    if not olds or len(olds) != len(news):
        sys.exit(f"want {len(olds)} lines and some, have {len(news)}")
    for i, (old, new) in enumerate(zip(olds, news)):
        for name in names(old):
            if name not in new:
                sys.exit(f"line {i + 1}: want a column {name}, have {', '.join(new)}")
            if not same(name, old[name], new[name]):
                sys.exit(f"line {i + 1}: {name}: want {old[name]}, have {new[name]}")


kind, old_path, new_path = sys.argv[1:]
if kind == "rows":
    # Later versions may add columns; those there were keep their names and values.
    compare(table_of(old_path), table_of(new_path), lambda row: row)
elif kind == "table":
    # What stands beside the scores may be told in other words.
    compare(table_of(old_path), table_of(new_path), lambda row: [n for n in row if n == "t" or n == "t_ci95"])
elif kind == "log":
    # The last line of later versions says that the log is whole.
    old, new = ([step for step in map(json.loads, text_of(path).splitlines()) if "end" not in step]
                for path in (old_path, new_path))
    compare(old, new, lambda line: [n for n in line if isinstance(line[n], (int, float))])
