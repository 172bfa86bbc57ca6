"""Plays back what a program did to the disk as if the power had failed, in many ways.

usage: power_loss.py TRACE BEFORE STATES SEED OUTPUT ENDINGS READER AGAIN

TRACE is a record of strace -f -xx; BEFORE the folder as it was before the run; ENDINGS, joined by
commas, are of the members that form a set with OUTPUT ("-": none). READER and AGAIN are shell commands
for each state: the first reads what is there, the second runs the program once more. Prints WRONG
lines, COUNT lines and "N passed, M failed".

The model: a crash comes after any call. Of what came before, data are certain once their file was
synced, and names once their folder was; of the rest any part may be on the disk, in any order, and a
write may be there by half. Files that a finished rename put in place must nevertheless be whole, of the
old or the new run, and those of a set of one run.
"""

import os
import random
import re
import shutil
import subprocess
import sys

CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
TEMPORARY = re.compile(r"^\.attune-")
WAITING = re.compile(r"\.[0-9a-f]{16}$")


def calls(path):
    """Name, arguments and result of each successful call, those in two parts joined."""
    begun = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            thread = line.split(" ", 1)[0]
            if line.rstrip().endswith("<unfinished ...>"):
                begun[thread] = line.rstrip()[:-len("<unfinished ...>")]
                continue
            resumed = re.match(r"^\d+ +<\.\.\. \w+ resumed>(.*)", line, re.S)
            if resumed:
                line = begun.pop(thread, "") + resumed.group(1)
            found = CALL.match(line)
            if found and int(found.group(3)) >= 0:
                yield found.group(1), found.group(2), int(found.group(3))


def texts(arguments):
    return [bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(arguments)]


def numbers(arguments):
    return [int(number) for number in re.findall(r"(?:^|, )(-?\d+)(?= *(?:,|$))", TEXT.sub('""', arguments))]


class Record:
    """Operations on the disk: ("make"|"name"|"drop", …) of the folder, ("data"|"size", file, …) of a
    file, ("sync", file or None for the folder)."""

    def __init__(self, trace, before):
        self.start = {}  # name: file number
        self.old = {}  # file number: bytes
        for name in sorted(os.listdir(before)):
            with open(os.path.join(before, name), "rb") as file:
                self.start[name] = len(self.old)
                self.old[len(self.old)] = file.read()
        self.operations = []
        names, count = dict(self.start), len(self.old)
        open_files, here = {}, os.getcwd()
        for call, arguments, result in calls(trace):
            paths = [os.fsdecode(text) for text in texts(arguments)]
            paths = [os.path.relpath(path, here) if path.startswith(here) else path for path in paths]
            numbered = numbers(arguments)
            if call == "openat":
                path = os.path.normpath(paths[0])
                open_files.pop(result, None)
                if "O_DIRECTORY" in arguments and path == ".":
                    open_files[result] = [None, 0]
                elif os.path.dirname(path) == "":
                    if path not in names and "O_CREAT" in arguments:
                        names[path] = count
                        self.operations.append(("make", path, count))
                        count += 1
                    elif path in names and "O_TRUNC" in arguments:
                        self.operations.append(("size", names[path], 0))
                    if path in names:
                        open_files[result] = [names[path], 0]
            elif call in ("write", "pwrite64") and numbered[0] in open_files:
                entry, data = open_files[numbered[0]], texts(arguments)[0][:result]
                at = numbered[-1] if call == "pwrite64" else entry[1]
                if call == "write":
                    entry[1] += result
                self.operations.append(("data", entry[0], at, data))
            elif call == "lseek" and numbered[0] in open_files:
                open_files[numbered[0]][1] = result
            elif call == "ftruncate" and numbered[0] in open_files:
                self.operations.append(("size", open_files[numbered[0]][0], numbered[1]))
            elif call in ("fsync", "fdatasync") and numbered[0] in open_files:
                self.operations.append(("sync", open_files[numbered[0]][0]))
            elif call == "close":
                open_files.pop(numbered[0], None)
            elif call == "rename":
                source, target = (os.path.normpath(path) for path in paths)
                self.operations.append(("name", target, source, names[source]))
                names[target] = names.pop(source)
            elif call == "unlink" and os.path.normpath(paths[0]) in names:
                path = os.path.normpath(paths[0])
                self.operations.append(("drop", path, names.pop(path)))

    def apply(self, chosen):
        """Names and bytes after the operations (index: share of a write that is there)."""
        names = dict(self.start)
        data = {number: bytearray(content) for number, content in self.old.items()}
        for index in sorted(chosen):
            kind, *rest = self.operations[index]
            if kind == "make":
                names[rest[0]] = rest[1]
                data.setdefault(rest[1], bytearray())
            elif kind == "name":
                target, source, number = rest
                if names.get(source) == number:
                    del names[source]
                names[target] = number
                data.setdefault(number, bytearray())
            elif kind == "drop":
                if names.get(rest[0]) == rest[1]:
                    del names[rest[0]]
            elif kind == "size":
                content = data.setdefault(rest[0], bytearray())
                del content[rest[1]:]
                content.extend(bytes(rest[1] - len(content)))
            elif kind == "data":
                number, at, written = rest
                written = written[:int(len(written) * chosen[index])]
                content = data.setdefault(number, bytearray())
                content.extend(bytes(max(at - len(content), 0)))
                content[at:at + len(written)] = written
        return {name: bytes(data[number]) for name, number in names.items()}

    def certain(self, end):
        """Indexes below `end` of what was synced by then."""
        done = set()
        for index in range(end):
            kind, *rest = self.operations[index]
            if kind != "sync":
                continue
            for earlier in range(index):
                operation = self.operations[earlier]
                of_folder = operation[0] in ("make", "name", "drop")
                if of_folder if rest[0] is None else operation[0] in ("data", "size") and operation[1] == rest[0]:
                    done.add(earlier)
        return done

    def crashes(self, rng):
        """Endless choices of operations for apply: nothing and all that is uncertain, names without
        data, data without names, any part."""
        total = len(self.operations)
        while True:
            end = rng.randrange(total + 1)
            certain = self.certain(end)
            way = rng.randrange(5)
            chosen = {}
            for index in range(end):
                of_folder = self.operations[index][0] in ("make", "name", "drop")
                there = (False, True, of_folder, not of_folder, rng.random() < 0.5)[way]
                if index in certain or there:
                    torn = index not in certain and rng.random() < 0.3
                    chosen[index] = rng.random() if torn else 1
            yield f"after call {end} of {total}, way {way}", chosen

    def versions(self):
        """What each name may hold: its old bytes, and all that a rename put there; None: no file."""
        found = {name: [self.old[number]] for name, number in self.start.items()}
        for index, operation in enumerate(self.operations):
            if operation[0] == "name":
                whole = self.apply({earlier: 1 for earlier in range(index + 1)})
                found.setdefault(operation[1], [None]).append(whole[operation[1]])
            if operation[0] == "drop":
                found.setdefault(operation[1], []).append(None)
        return found


def mixture(state, before, after, output, endings):
    """What is wrong with a set: its members must be of the run that its first file is of."""
    if output not in state:
        return None
    new = state[output] == after[output]
    run = after if new else before
    for ending in endings:
        name = output + ending
        waiting = [path for path in state if path.startswith(name + ".") and WAITING.search(path)]
        have = state[waiting[0]] if new and waiting else state.get(name)
        if have != run.get(name):
            return f"{name} is not that of the {'new' if new else 'old'} {output}"
    return None


def torn(state, versions):
    for name, content in state.items():
        if not TEMPORARY.match(name) and content not in versions.get(name, [None]):
            return f"{name} is none that was ever finished ({len(content)} bytes)"
    for name, allowed in versions.items():
        if name not in state and None not in allowed and not TEMPORARY.match(name):
            return f"{name} is lost"
    return None


def run(command):
    done = subprocess.run(["bash", "-c", command], cwd="state", capture_output=True, timeout=60, check=False)
    return None if done.returncode == 0 else f"exit {done.returncode}: {done.stderr[:300]!r}"


def problem(state, record, versions, after, output, endings, reader, again):
    before = {name: record.old[number] for name, number in record.start.items()}
    trouble = torn(state, versions) or mixture(state, before, after, output, endings)
    if trouble:
        return trouble
    shutil.rmtree("state", ignore_errors=True)
    os.mkdir("state")
    for name, content in state.items():
        with open(os.path.join("state", name), "wb") as file:
            file.write(content)
    trouble = run(reader) if output in state else None
    if trouble:
        return "reading: " + trouble
    trouble = run(again)
    if trouble:
        return "the next run: " + trouble
    with open(os.path.join("state", output), "rb") as file:
        if file.read() != after[output]:
            return f"the next run: other bytes in {output}"
    left = [name for name in os.listdir("state") if TEMPORARY.match(name) or WAITING.search(name)]
    return f"the next run left {left}" if left else None


def main():
    trace, before, wanted, seed, output, endings, reader, again = sys.argv[1:]
    endings = [] if endings == "-" else endings.split(",")
    record = Record(trace, before)
    versions = record.versions()
    after = record.apply({index: 1 for index in range(len(record.operations))})
    passed = failed = tries = 0
    seen = set()
    for where, chosen in record.crashes(random.Random(int(seed))):
        tries += 1
        if passed + failed == int(wanted) or tries == 100 * int(wanted):
            break
        state = record.apply(chosen)
        key = tuple(sorted((name, hash(content)) for name, content in state.items()))
        if key in seen:
            continue
        seen.add(key)
        trouble = problem(state, record, versions, after, output, endings, reader, again)
        if trouble:
            failed += 1
            print(f"WRONG: {output} {where}: {trouble}")
        else:
            passed += 1
    shutil.rmtree("state", ignore_errors=True)
    print(f"COUNT {output}: {passed + failed} states of {len(record.operations)} operations")
    print(f"{passed} passed, {failed} failed")


main()
