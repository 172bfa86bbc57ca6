#!/usr/bin/env python3
"""Times Attune against PyTorch, turn by turn, and writes the table.

Both sides read the same weights and episodes. Their losses of the first steps, which also warm up,
are held against the same steps in float64; Attune's must agree to 1e-4, and must be the same bits
at any number of threads. Exit status 1 when they are not.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1e-4
# What several threads of PyTorch may run in: its own and those of BLAS can stand in each other's way.
SURROUNDINGS = {
    "both kinds of threads": {},
    "BLAS on one thread": {"OPENBLAS_NUM_THREADS": "1"},
    "threads wait asleep": {"OMP_WAIT_POLICY": "passive"},
    "one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
}
SURROUNDINGS_NOTE = ("On several threads PyTorch runs in the surroundings in which it is fastest: "
                     + ", ".join(SURROUNDINGS) + ".")


class Family:
    """Cases that share a PyTorch program and the data that attune-bench writes for both sides."""

    def __init__(self, peer, *data):
        self.peer = [sys.executable, HERE / peer]
        self.data = data  # attune-bench's arguments; the folder comes after the first


class Case:
    """Steps of one turn of both sides and of the warm-up; `episodes` of one Attune step."""

    def __init__(self, family, name, title, attune, peer, check, episodes=1, isa=None):
        self.family, self.name, self.title = family, name, title
        self.attune, self.peer, self.check = attune, peer, check
        self.episodes = episodes
        self.isa = isa


def cases(quick, episodes):
    images = Family("peer.py", "data", "--episodes", str(episodes))
    texts = Family("text_peer.py", "text-data")
    translators = Family("translator_peer.py", "translator-data")
    short = [2, 2, 2]
    return [
        Case(images, "train20", "training step, 20-way", *(short if quick else [15, 15, 3])),
        Case(images, "train60", "training step, 60-way", *(short if quick else [5, 5, 3])),
        Case(images, "maml1", "MAML step, 1 inner", *(short if quick else [4, 4, 3])),
        Case(images, "maml5", "MAML step, 5 inner", *(short if quick else [2, 2, 2])),
        Case(images, "evaluate", f"{episodes:,} episodes, 20-way", 1, 4 if quick else 20, 10,
             episodes),
        Case(images, "train20", "training step, 20-way, AVX2", *(short if quick else [15, 15, 3]),
             isa="AVX2"),
        Case(texts, "text", "texts of 4 to 32 tokens, 20-way", *(short if quick else [5, 5, 3])),
        Case(texts, "text32", "texts of 32 tokens, 20-way", *(short if quick else [4, 4, 3])),
        Case(translators, "translator", "translator, 16 episodes of 20 pairs",
             *(short if quick else [4, 4, 3])),
    ]


class Side:
    """A program that answers each number of steps with a line of JSON."""

    def __init__(self, command, threads, isa, surroundings=None):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads),
                           OPENBLAS_NUM_THREADS=str(threads)) | (surroundings or {})
        threads = int(environment["OMP_NUM_THREADS"])
        environment.pop("ONEDNN_MAX_CPU_ISA", None)
        if isa:
            environment["ONEDNN_MAX_CPU_ISA"] = isa
        self.process = subprocess.Popen([*command, "--threads", str(threads)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=environment)
        self.greeting = self.answer()
        self.turns, self.losses = [], []
        self.last = {}

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench: error: {' '.join(map(str, self.process.args))} ended without answer")
        return json.loads(line)

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        self.last = self.answer()
        self.losses += self.last["losses"]
        return statistics.fmean(self.last["seconds"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Result:
    """One case at one number of threads."""

    def __init__(self, case, threads, attune, peer, reference):
        self.case, self.threads = case, threads
        self.attune, self.peer = attune.turns, [t * case.episodes for t in peer.turns]
        self.losses = attune.losses
        self.attune_error = largest_difference(attune.losses, reference)
        self.peer_error = largest_difference(peer.losses, reference)
        self.layout = peer.greeting["layout"]
        self.memory = attune.last["peak_memory_mib"], peer.last["peak_memory_mib"]
        steps = len(attune.last["seconds"])
        self.allocations = attune.last["allocations"] / steps
        self.faults = attune.last["page_faults"] / steps

    def ratio(self):
        return statistics.median(self.peer) / statistics.median(self.attune)


def largest_difference(losses, reference):
    pairs = list(zip(losses, reference))
    return max(abs(a - b) for a, b in pairs)


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = options.work / "data"
        self.references = {}
        self.versions = ""

    def make_data(self, family):
        command, *rest = family.data
        subprocess.run([self.options.program, command, self.folder, *rest], check=True)

    def reference(self, case):
        """The first losses in float64."""
        if case.name not in self.references:
            side = Side([*case.family.peer, case.name, self.folder, "--double"],
                        max(self.options.threads), None)
            side.run(case.check)
            side.close()
            self.references[case.name] = side.losses
        return self.references[case.name]

    def peer(self, case, threads):
        """PyTorch, warmed up, in the surroundings in which a turn takes it least."""
        best, least = None, None
        for name, surroundings in SURROUNDINGS.items() if threads > 1 else [("", {})]:
            side = Side([*case.family.peer, case.name, self.folder], threads, case.isa,
                        surroundings)
            side.run(case.check)
            taken = side.run(case.peer)
            if best is None or taken < least:
                best, least, loser = side, taken, best
                if name:
                    side.greeting["layout"] += f", {name}"
            else:
                loser = side
            if loser:
                loser.close()
        return best

    def measure(self, case, threads):
        reference = self.reference(case)
        peer = self.peer(case, threads)
        attune = Side([self.options.program, case.name, self.folder], threads, case.isa)
        attune.run(1 if case.name == "evaluate" else case.check)
        for _ in range(self.options.rounds):
            attune.turns.append(attune.run(case.attune))
            peer.turns.append(peer.run(case.peer))
        attune.close()
        peer.close()
        self.versions = attune.greeting["versions"]
        return Result(case, threads, attune, peer, reference)


def seconds(values):
    """Median and extremes, in the unit that suits."""
    middle = statistics.median(values)
    factor, unit, digits = (1e3, "ms", 1) if middle < 1 else (1, "s", 2)
    low, mid, high = (f"{factor * v:.{digits}f}" for v in (min(values), middle, max(values)))
    return f"{mid} {unit} ({low}–{high})"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    fields = dict(tuple(map(str.strip, line.split(":", 1)))
                  for line in info.splitlines() if ":" in line)
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / 2**20
    flags = fields.get("flags", "").split()
    isa = next((name for name in ("avx512f", "avx2") if name in flags), "no AVX2")
    return (f"{fields.get('model name', 'unknown')} (family {fields.get('cpu family', '?')}, "
            f"model {fields.get('model', '?')}, {isa}), {os.cpu_count()} cores, {memory:.0f} GiB")


def peer_versions():
    import torch  # late: only its version is wanted here
    package = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "python3-torch"], text=True,
                             capture_output=True).stdout
    lines = torch.__config__.show().splitlines()
    onednn = next((line.split("MKL-DNN", 1)[1].split()[0] for line in lines if "MKL-DNN" in line),
                  "without oneDNN")
    blas = pathlib.Path("/usr/lib/x86_64-linux-gnu/libblas.so.3").resolve().parent.name
    return f"PyTorch {package or torch.__version__}, oneDNN {onednn}, BLAS {blas}"


def scaling(results):
    """Rows of speed from the fewest threads to more, memory and allocations."""
    rows = []
    for result in results:
        one = next(r for r in results if r.case is result.case)
        gains = ["–", "–"] if result is one else [
            f"{statistics.median(a) / statistics.median(b):.2f}"
            for a, b in ((one.attune, result.attune), (one.peer, result.peer))]
        rows.append([result.case.title, str(result.threads), *gains,
                     *(f"{mib:.0f}" for mib in result.memory), f"{result.allocations:g}",
                     f"{result.faults:.1f}"])
    return rows


def report(bench, results, load):
    times = [[r.case.title, str(r.threads), seconds(r.attune), seconds(r.peer), r.layout,
              f"{r.ratio():.2f}", f"{r.attune_error:.0e}", f"{r.peer_error:.0e}"]
             for r in results]
    return (
        "# Speed\n\n"
        f"- Machine: {machine()}; load average {load:.2f} before the start\n"
        f"- {bench.versions}\n- {peer_versions()}\n"
        f"- Medians (least–most) of {bench.options.rounds} alternations, both sides warmed up; "
        "made by `make bench`\n\n"
        "Conv-4-64 on 28×28: training steps are prototypical, 1 shot, 5 queries, Adam, running "
        "statistics, through the loop of\nattune-train; second-order MAML is 5-way, 1 shot, 15 "
        "queries, meta-batch 4, Adam; episodes for evaluation are 1 shot, 15\nqueries from 33,840 "
        "images, in PyTorch encoded anew for each episode (some timed, times their number). "
        "AVX2: oneDNN of\nboth sides held to it. Texts are training steps of a matching network, "
        "5 shots, 5 queries, Adam: a transformer encoder of 2\nlayers, 128 features, 4 heads, over "
        "5,000 generated words; texts of 4 to 32 tokens have 13 on average, about log-normal.\n"
        "PyTorch pads a batch to its longest text and masks; written out, or nn.TransformerEncoder.\n"
        "A translator's step is 16 episodes of number names, 20 support pairs and 5 queries each, "
        "Adam: transformers of 128 features and\n4 heads, 1 layer over each source, 2 over the "
        "support, 2 that answer with a pointer; Attune draws and lays out the episodes in the\nstep, "
        "for PyTorch that is done before; its episodes pass 16, 4 or 1 at a time.\n"
        f"{SURROUNDINGS_NOTE}\nLoss errors: largest difference of the first steps from the same "
        "steps in float64.\n\n"
        + table(["", "threads", "Attune", "PyTorch", "its faster form", "times faster",
                 "loss error", "PyTorch's"], times)
        + "\n"
        + table(["", "threads", "speed-up by threads", "PyTorch's", "peak MiB", "PyTorch's",
                 "blocks asked from the system per step", "page faults per step"],
                scaling(results)))


def complaints(results):
    for r in results:
        where = f"{r.case.title}, {r.threads} threads"
        if not r.attune_error <= TOLERANCE:
            yield f"{where}: want losses within {TOLERANCE} of float64, have {r.attune_error:.1e}"
        one = next(other for other in results if other.case is r.case)
        if r.losses != one.losses:
            yield f"{where}: want the same bits as at {one.threads} threads"


def save(text, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def end(text, complaints):
    """Shows the report, then what is wrong with it; exit status 1 when anything is."""
    print(text, end="")
    wrong = [f"bench: error: {line}" for line in complaints]
    sys.exit("\n".join(wrong) if wrong else 0)


def read_options(description, example):
    """The options that all comparisons by turns have; `example` of --only."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("program", type=pathlib.Path, help="attune-bench")
    parser.add_argument("work", type=pathlib.Path, help="folder for data")
    parser.add_argument("output", type=pathlib.Path, help="table, Markdown")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS") or 5))
    parser.add_argument("--only", help=f"cases, e.g. {example}")
    parser.add_argument("--threads", type=int, nargs="+", help="default: 1 and 2",
                        default=[n for n in (1, 2) if n <= (os.cpu_count() or 1)])
    parser.add_argument("--quick", action="store_true",
                        help="one round of few steps: does all of it work?")
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    if options.rounds < 1:
        parser.error("--rounds: want 1 or more")
    return parser, options


def main():
    parser, options = read_options(__doc__, "train20,maml1")
    load = os.getloadavg()[0]
    episodes = 400 if options.quick else 10000
    bench = Bench(options)
    chosen = [case for case in cases(options.quick, episodes)
              if not options.only or case.name in options.only.split(",")]
    if not chosen:
        parser.error("--only: want names of cases, have " + options.only)
    for family in dict.fromkeys(case.family for case in chosen):
        bench.make_data(family)
    results = []
    for case in chosen:
        for threads in options.threads:
            results.append(bench.measure(case, threads))
            r = results[-1]
            print(f"{case.title}, {threads} threads: {seconds(r.attune)}, PyTorch "
                  f"{seconds(r.peer)}, {r.ratio():.2f} times", file=sys.stderr, flush=True)
    text = report(bench, results, load)
    save(text, options.output)
    end(text, complaints(results))


if __name__ == "__main__":
    main()
