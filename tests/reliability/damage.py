"""Damages a file in many ways and runs a program on each: refused with one line, or unharmed.

usage: damage.py NAME FILE CASES SEED RESULT… -- COMMAND…

{} in COMMAND stands for the damaged copy. RESULT… are the files that COMMAND writes; together with
stdout they must be those of the undamaged file whenever it exits with 0. Prints WRONG lines and
"N passed, N failed".
"""

import os
import random
import subprocess
import sys

TIME_LIMIT = 30  # seconds: longer is a hang


def damages(data, cases, rng):
    """Yields what was done and the damaged bytes: single bits, cuts, zeros, swaps, additions."""
    size = len(data)
    for _ in range(cases):
        at, bit = rng.randrange(size), rng.randrange(8)
        damaged = bytearray(data)
        damaged[at] ^= 1 << bit
        yield f"bit {bit} of byte {at}", bytes(damaged)
    for length in sorted({rng.randrange(size) for _ in range(max(cases // 3, 3))} | {0, 1, size - 1}):
        yield f"cut to {length} bytes", data[:length]
    sectors = range(0, size, 512)
    for at in rng.sample(sectors, min(max(cases // 6, 3), len(sectors))):
        end = min(at + 512, size)
        yield f"zeros from {at}", data[:at] + bytes(end - at) + data[end:]
    whole = range(0, size - 1023, 512)
    for at in rng.sample(whole, min(max(cases // 12, 2), len(whole))):
        yield (f"sectors swapped at {at}",
               data[:at] + data[at + 512:at + 1024] + data[at:at + 512] + data[at + 1024:])
    yield "junk appended", data + bytes(rng.randrange(256) for _ in range(100))


def run(command, results):
    """Exit status (None: hang), stderr, and what was produced."""
    for path in results:
        if os.path.exists(path):
            os.remove(path)
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None, b"", None
    produced = [done.stdout]
    for path in results:
        if os.path.exists(path):
            with open(path, "rb") as file:
                produced.append(file.read())
    return done.returncode, done.stderr, produced


def problem(status, message, produced, wanted, path):
    """What is wrong with an outcome, None when all is well."""
    if status is None:
        return f"no end within {TIME_LIMIT} s"
    if status == 0:
        return None if produced == wanted else "SILENT: exit 0 and other results"
    if status not in (1, 2):
        return f"exit {status}"
    if message.count(b"\n") != 1 or path.encode() not in message:
        return f"no single line that names the file: {message[:200]!r}"
    return None


def main():
    split = sys.argv.index("--")
    name, path, cases, seed, *results = sys.argv[1:split]
    command = sys.argv[split + 1:]
    with open(path, "rb") as file:
        data = file.read()
    rng = random.Random(int(seed))
    copy = "damaged-" + os.path.basename(path)
    line = [argument.replace("{}", copy) for argument in command]

    def attempt(content):
        with open(copy, "wb") as file:
            file.write(content)
        return run(line, results)

    status, message, wanted = attempt(data)
    if status != 0:
        sys.exit(f"{name}: the undamaged file is refused: {message!r}")
    passed = failed = harmless = 0
    for what, content in damages(data, int(cases), rng):
        status, message, produced = attempt(content)
        trouble = problem(status, message, produced, wanted, copy)
        if trouble:
            failed += 1
            print(f"WRONG: {name}: {what}: {trouble}")
        else:
            passed += 1
            harmless += status == 0
    print(f"COUNT {name}: {passed + failed} damages, {harmless} without effect")
    print(f"{passed} passed, {failed} failed")


main()
