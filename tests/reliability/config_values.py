"""Every configuration key wrong in every way: refused with exit 2 and one line that names the key.

usage: config_values.py SCHEMA BIN MOST; SCHEMA is what attune-inspect --schema prints. Of every key
at most MOST cases are run, other ones for each. Needs the files of tiny.sh. Prints WRONG lines and
"N passed, N failed".
"""

import csv
import json
import os
import re
import subprocess
import sys
import time

BASE = {
    "train": {"learner": {"encoder": {"kind": "mlp"}}, "train": {"steps": 2}},
    "convert": {"kind": "table"},
    "other task": {"train": {"steps": 2}},
}
HUGE = '"' + "x" * 1_000_000 + '"'
# JSON text that no key takes.
NEVER = {"null": "null", "NaN": "NaN", "infinity": "Infinity", "1e999": "1e999", "-1e999": "-1e999",
         "depth 33": "[" * 33 + "]" * 33, "no value": "", "two values": "1 2", "cut text": '"x',
         "comment": "/**/ 1"}


def wrong_values(kind, allowed):
    """JSON texts that a key of this type and range refuses, by name."""
    values = dict(NEVER)
    if kind != "flag":
        values["flag"] = "true"
    if kind != "text":
        values.update({"empty text": '""', "text": '"x"', "1 MB of text": HUGE})
    if kind != "list":
        values.update({"empty list": "[]", "list": "[1]"})
    if kind != "object":
        values.update({"empty object": "{}", "object": '{"x": 1}'})
    if kind in ("integer", "real"):
        low, high = re.fullmatch(r"\[(.*), (.*)\]", allowed).groups()
        if low != "-∞":
            step = 1 if kind == "integer" else max(abs(float(low)) * 1e-6, 1e-30)
            values["below"] = repr(json.loads(low) - step)
            values["far below"] = "-1e300" if kind == "real" else "-9223372036854775808"
        if high != "∞":
            step = 1 if kind == "integer" else max(abs(float(high)) * 1e-6, 1e-30)
            values["above"] = repr(json.loads(high) + step)
            values["far above"] = "1e300" if kind == "real" else "9223372036854775807"
    else:
        values.update({"0": "0", "-1": "-1"})
    if kind == "integer":
        values.update({"fraction": "1.5", "2^63": "9223372036854775808",
                       "-2^63-1": "-9223372036854775809", "number in text": '"1"'})
    if kind == "list":
        values.update({"list of lists": "[[]]", "list of null": "[null]", "mixed list": '[1, "x"]'})
    if kind == "object":
        values.update({"unknown key": '{"no_such_key": 1}', "kind of another type": '{"kind": 1}'})
    return values


def put(config, key, value):
    node = config
    *path, last = key.split(".")
    for name in path:
        node = node.setdefault(name, {})
    node[last] = value


# Learners without encoder, and what learns from texts.
RAW = {f"learner.kind={kind}" for kind in
       ("logistic_regression", "nearest_neighbour", "distributional_signature", "tfidf_logistic",
        "tfidf_neighbour")}
TEXTS = {f"learner.kind={kind}" for kind in
         ("distributional_signature", "tfidf_logistic", "tfidf_neighbour")} | {
    f"learner.encoder.kind={kind}" for kind in
    ("average", "idf_average", "recurrent", "text_cnn", "transformer")}


def settings(when):
    """Those of the first way to reach a key."""
    return [setting for setting in when.split(" or ")[0].split(", ") if setting]


def base(program, when):
    other = any(setting.startswith("task=") for setting in settings(when))
    config = json.loads(json.dumps(BASE["other task" if other else program]))
    if RAW.intersection(settings(when)):
        del config["learner"]["encoder"]
    return config


def render(program, when, key, text):
    """The configuration with `key` set to the JSON text, which may be no JSON."""
    config = base(program, when)
    for setting in settings(when):
        name, value = setting.split("=", 1)
        put(config, name, value == "true" if value in ("true", "false") else value)
        if setting == "split=lists":
            put(config, "val_list", "")  # lists want one of three
            put(config, "test_list", "classes.txt")
    put(config, key, "@MARK@")
    return json.dumps(config).replace('"@MARK@"', text)


def cases(row):
    """(program, key that the message must name, what is wrong, the configuration, its pool) of one
    key."""
    program, when, key = row["program"], row["when"], row["key"]
    pool = "texts.h5" if TEXTS.intersection(settings(when)) else "pool.h5"
    for name, text in wrong_values(row["type"], row["allowed"]).items():
        if row["type"] != "object" or name != "empty object":
            yield program, key, name, render(program, when, key, text), pool
    last = key.split(".")[-1]
    yield program, key, "twice", render(program, when, key, f'1, "{last}": 1'), pool
    yield program, key + "q", "unknown key", render(program, when, key + "q", "1"), pool


def chosen(schema, most):
    """At most so many cases of each key, spread over its cases and other ones from key to key."""
    for number, row in enumerate(schema):
        every = list(cases(row))
        if not every:
            sys.exit(f"no case for {row['key']}")
        taken = {(number * 7 + i * len(every) // most) % len(every) for i in range(most)}
        yield from every if most >= len(every) else (every[i] for i in sorted(taken))


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        schema = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    programs, most = sys.argv[2], int(sys.argv[3])
    passed = failed = 0
    slowest = 0.0
    for program, key, name, text, pool in chosen(schema, most):
        with open("wrong.json", "w", encoding="utf-8") as file:
            file.write(text)
        data = ["--pool", pool] if program == "train" else ["--input", "rows.csv"]
        if '"task": "control"' in text:  # it has no pool
            data = []
        command = [f"{programs}/attune-{program}", "--config", "wrong.json", *data, "-o", "x.h5"]
        begin = time.process_time(), os.times().children_user + os.times().children_system
        try:
            done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        except subprocess.TimeoutExpired:
            failed += 1
            print(f"WRONG: {program} {key}: {name}: accepted, or no end")
            continue
        spent = os.times().children_user + os.times().children_system - begin[1]
        slowest = max(slowest, spent)
        message = done.stderr.decode()
        # Text that is no JSON is refused by its place; a wrong value by its key.
        named = key in message or "wrong.json: JSON: " in message or "(line " in message
        if (done.returncode != 2 or message.count("\n") != 1 or not named or len(message) > 1000
                or spent > 0.1 or os.path.exists("x.h5")):
            failed += 1
            print(f"WRONG: {program} {key}: {name}: exit {done.returncode}, {spent:.2f} s: "
                  f"{message[:300]}")
        else:
            passed += 1
    print(f"COUNT {passed + failed} wrong values of {len(schema)} keys, the slowest refused in {slowest * 1000:.0f} ms")
    print(f"{passed} passed, {failed} failed")


main()
