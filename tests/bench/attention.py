#!/usr/bin/env python3
"""Times every kind of attention over lengths, each cell in a process of its own; writes the table.

Softmax attention in tiles is also held against PyTorch's softmax(QKᵀ/√d)V, turn by turn: seconds,
and the results of both sides. Exit status 1 when these differ, or a result is not finite.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import os
import pathlib
import select
import statistics
import subprocess
import sys

import attention_report as tell
import run
import turns
from ledger import Ledger

TOLERANCE = 1e-4
HOPELESS = 1.5  # a cell that is predicted to need so many times the limit isn't started


class Over(Exception):
    """A limit was met."""


class Cell:
    def __init__(self, group, kind, mode, items, status=""):
        self.group, self.kind, self.mode, self.items = group, kind, mode, items
        self.status = status  # empty: it ran
        self.seconds = self.least = self.most = self.mib = None
        self.notes = []

    def finish(self, turns, mib, notes):
        self.seconds, self.least, self.most = statistics.median(turns), min(turns), max(turns)
        self.mib, self.notes = mib, notes

    def restore(self, found):
        vars(self).update(found)
        return self


class Limits:
    def __init__(self, seconds, mib):
        self.seconds, self.mib = seconds, mib
        self.time_text = f"over {seconds:g} s"
        self.memory_text = f"over {mib / 1024:g} GiB" if mib >= 1024 else f"over {mib} MiB"


class Side:
    """A program that answers each number of steps with a line of JSON, and tells its peak last."""

    def __init__(self, command, choices, threads, limits):
        self.limits = limits
        self.process = subprocess.Popen(
            [*map(str, command), "--threads", str(threads), "--mib", str(limits.mib)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=turns.environment(threads, choices))

    def greet(self):
        # Loading, warming up and making the numbers are no part of a step.
        self.versions = self.answer(60 + self.limits.seconds)["versions"]

    def answer(self, patience):
        if not select.select([self.process.stdout], [], [], patience)[0]:
            self.stop()
            raise Over(self.limits.time_text)
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        said = self.process.stderr.read()
        self.stop()
        if "memory" in said:
            raise Over(self.limits.memory_text)
        sys.exit(f"bench: error: {' '.join(self.process.args)} ended without answer: {said}")

    def ask(self, steps):
        """Mean seconds of the steps, and what the first ever noted."""
        try:
            self.process.stdin.write(f"{steps}\n")
            self.process.stdin.flush()
        except BrokenPipeError:  # it ended: answer() tells why
            pass
        # A turn of several steps takes a fraction of a second.
        reply = self.answer(self.limits.seconds + (10 if steps > 1 else 0))
        return statistics.fmean(reply["seconds"]), reply["losses"]

    def close(self):
        """The peak of memory."""
        self.process.stdin.close()
        mib = self.answer(60)["mib"]
        self.stop()
        return mib

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def schedule(first, rounds):
    """Steps of a turn and number of turns, by the seconds of the first step; no turns: that one is
    the measurement."""
    if first > 10:
        return 1, 0
    return (1, min(rounds, 3)) if first > 1 else (min(50, math.ceil(0.2 / first)), rounds)


class Bench:
    def __init__(self, options, limits, ledger):
        self.options, self.limits, self.ledger = options, limits, ledger
        self.cells, self.pairs = [], []
        self.versions = ledger.get("versions") or ""

    def note_versions(self, side):
        if not self.versions:
            self.versions = side.versions
            self.ledger.put(self.versions, "versions")

    def command(self, kind, mode, items):
        both = ["--both"] if mode == "both" else []
        if kind == tell.PEER:
            peer = pathlib.Path(__file__).resolve().parent / "attention_peer.py"
            return [sys.executable, "-B", peer, items, *both]
        return [self.options.program, "time", "--kind", kind, "--items", items, "--check", *both]

    def start(self, kind, mode, items):
        choices = turns.peer_bits() if kind == tell.PEER else {}
        return Side(self.command(kind, mode, items), choices, self.options.threads, self.limits)

    def hopeless(self, before, items):
        """The limit that this size would be far over, by the growth of the sizes before."""
        if before and before[-1].status:
            return before[-1].status.removesuffix("*") + "*"
        seconds = tell.predicted([(c.items, c.seconds) for c in before], items)
        # Few MiB are noise.
        mib = tell.predicted([(c.items, c.mib) for c in before if c.mib and c.mib > 4], items)
        if mib and mib > HOPELESS * self.limits.mib:
            return self.limits.memory_text + "*"
        if seconds and seconds > HOPELESS * self.limits.seconds:
            return self.limits.time_text + "*"
        return ""

    def measure(self, kind, mode, items, before):
        group, name = kind.split("/")
        cell = Cell(group, name, mode, items, self.hopeless(before, items))
        if cell.status:
            return cell
        if found := self.ledger.get(kind, mode, items):
            return cell.restore(found)
        side = self.start(kind, mode, items)
        try:
            side.greet()
            first, notes = side.ask(1)
            steps, turns = schedule(first, self.options.rounds)
            seconds = [side.ask(steps)[0] for _ in range(turns)] or [first]
            cell.finish(seconds, side.close(), notes)
            self.note_versions(side)
        except Over as over:
            cell.status = str(over)
        self.ledger.put(vars(cell), kind, mode, items)
        return cell

    def grid(self, kinds, sizes):
        for kind in kinds:
            for mode in tell.MODES:
                before = []
                for items in sizes:
                    cell = self.measure(kind, mode, items, before)
                    before.append(cell)
                    show(cell)
                self.cells += before

    def compare(self, items, mode, with_peer):
        """The same attention on both sides; each side may meet a limit on its own."""
        names = [f"normalisers/{tell.TILED}"] + ([tell.PEER] if with_peer else [])
        cells = [Cell("normalisers", name.removeprefix("normalisers/"), mode, items)
                 for name in names]
        if found := self.ledger.get("comparison", mode, items):
            for cell, values in zip(cells, found):
                show(cell.restore(values))
        else:
            self.alternate(cells, names, mode, items)
            self.ledger.put([vars(cell) for cell in cells], "comparison", mode, items)
        self.pairs.append((cells[0], cells[1] if with_peer else None))

    def alternate(self, cells, names, mode, items):
        sides, firsts, turns = {}, {}, {}
        for cell, name in zip(cells, names):
            side = self.start(name, mode, items)
            try:
                side.greet()
                firsts[cell], cell.notes = side.ask(1)
                sides[cell], turns[cell] = side, []
                self.note_versions(side)
            except Over as over:
                cell.status = str(over)
        plan = {cell: schedule(firsts[cell], self.options.rounds) for cell in sides}
        # Alone, a long step counts by itself; against the other it is repeated.
        rounds = max([n for _, n in plan.values()] + [3 if len(sides) > 1 else 0])
        for _ in range(rounds):
            for cell, side in list(sides.items()):
                try:
                    turns[cell].append(side.ask(plan[cell][0])[0])
                except Over as over:
                    cell.status = str(over)
                    del sides[cell]
        for cell, side in sides.items():
            cell.finish(turns[cell] or [firsts[cell]], side.close(), cell.notes)
        for cell in cells:
            show(cell)


def show(cell):
    what = cell.status or f"{tell.time_text(cell.seconds)}, {tell.memory_text(cell.mib)}"
    print(f"{cell.group}/{cell.kind}, {cell.mode}, {cell.items:,}: {what}", file=sys.stderr,
          flush=True)


def complaints(bench):
    for cell in bench.cells:
        if not all(map(math.isfinite, cell.notes)):
            yield f"{cell.group}/{cell.kind}, {cell.mode}, {cell.items}: results aren't finite"
    for tiled, peer in bench.pairs:
        if peer is None or tiled.status or peer.status:
            continue
        # Pairs of norm and product with a fixed array, of each result.
        for i, (own, other) in enumerate(zip(tiled.notes, peer.notes)):
            norm = peer.notes[i // 2 * 2]
            if not abs(own - other) <= TOLERANCE * norm:
                yield (f"tiles, {tiled.mode}, {tiled.items}: want results within {TOLERANCE} of "
                       f"PyTorch's, have {own} and {other}")


def about(bench, with_peer):
    options, limits = bench.options, bench.limits
    return [
        f"Machine: {run.machine()}; load average "
        f"{', '.join(f'{load:.2f}' for load in bench.ledger.loads())} before the start; "
        f"{options.threads} threads",
        bench.versions,
        run.peer_versions() if with_peer else "PyTorch: not installed",
        f"Medians of {options.rounds} turns (3 of steps over 1 s, the first step itself over "
        f"10 s); every cell in a process of its own. Limits: {limits.seconds:g} s a step, "
        f"{limits.memory_text.removeprefix('over ')}; *: not started, since a shorter one was over "
        f"it or the growth leads to {HOPELESS:g} times of it. Memory: the peak above a warm-up of at most 256 "
        "items (PyTorch: 1,024), inputs included",
        "Q = S items, D = 64, one head, float32. Normalisers: scores q·k/√D, values (S,64), the "
        "gradients of q, k and v. Structures: 5 ways, the gradients of features and weights, "
        "defaults else. Forward as in a test, without recording; forward and backward as in "
        "training, noise and dropout included",
        "Exponents: least squares in log-log over the upper half of the sizes that ran (in "
        "brackets)"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path, help="attune-bench-attention")
    parser.add_argument("output", type=pathlib.Path, help="table, Markdown; .tsv and .svg beside")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS") or 5))
    parser.add_argument("--only", help="kinds, e.g. cross,softmax; `comparison`: with PyTorch")
    parser.add_argument("--sizes", type=int, nargs="+", help="default: 100 to 100,000")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--seconds", type=float, help="limit of a step; default: 60")
    parser.add_argument("--mib", type=int, help="limit of memory; default: 8192")
    parser.add_argument("--ledger", type=pathlib.Path,
                        help="what is measured so far; a run that was ended goes on from it")
    parser.add_argument("--quick", action="store_true",
                        help="two short lengths, one turn: does all of it work?")
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    if options.rounds < 1:
        parser.error("--rounds: want 1 or more")
    options.sizes = sorted(options.sizes or (
        [32, 100] if options.quick else [round(10**(k / 2)) for k in range(4, 11)]))
    return options


def main():
    options = arguments()
    limits = Limits(options.seconds or (20 if options.quick else 60),
                    options.mib or (1024 if options.quick else 8192))
    free = next(int(line.split()[1]) for line in open("/proc/meminfo")
                if line.startswith("MemAvailable:")) // 1024
    if free < limits.mib + 512:
        sys.exit(f"bench: error: memory: want {limits.mib + 512} MiB free, have {free} "
                 "(--mib lowers the limit)")
    with_peer = importlib.util.find_spec("torch") is not None
    made_with = {"program": hashlib.sha256(options.program.read_bytes()).hexdigest(),
                 "machine": run.machine(), "peer": run.peer_versions() if with_peer else "",
                 "threads": options.threads, "rounds": options.rounds, "limits": vars(limits)}
    ledger = Ledger(options.ledger or options.output.with_suffix(".jsonl"), made_with)
    bench = Bench(options, limits, ledger)
    kinds = subprocess.run([options.program, "list"], text=True, check=True,
                           capture_output=True).stdout.splitlines()
    only = options.only.split(",") if options.only else [k.split("/")[1] for k in kinds]
    kinds = [k for k in kinds if k.split("/")[1] in only]
    compared = not options.only or "comparison" in only
    if not kinds and not compared:
        sys.exit(f"bench: error: --only {options.only}: no such kind")
    for items in options.sizes:
        for mode in tell.MODES if compared and (items >= tell.LONG or options.quick) else []:
            bench.compare(items, mode, with_peer)
    bench.grid(kinds, options.sizes)
    peers = [peer for _, peer in bench.pairs if peer]
    rows = sorted(bench.cells + peers, key=lambda cell: cell.group)
    text = tell.report(rows, bench.pairs, about(bench, with_peer))
    run.save(text, options.output)
    tsv = options.output.with_suffix(".tsv")
    tsv.write_text(tell.tsv(rows))
    subprocess.run([options.program, "plot", "--rows", tsv, "-o",
                    options.output.with_suffix(".svg")], check=True)
    ledger.finish()
    run.end(text, complaints(bench))


if __name__ == "__main__":
    main()
