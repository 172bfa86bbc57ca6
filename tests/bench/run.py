#!/usr/bin/env python3
"""Times Attune against PyTorch, turn by turn, and writes the table.

Both sides read the same weights, episodes and luck. Their losses of the first steps, which also warm
up, are held against the same steps in float64; Attune's first must agree to 1e-5, and all must be
the same bits at any number of threads. Exit status 1 when they are not. A run that was ended goes on.
"""

import argparse
import hashlib
import os
import pathlib
import statistics
import subprocess
import sys

from cases import EPOCHS, cases
from ledger import Ledger
from turns import SURROUNDINGS, Turns, classes_of_bits, processor

TOLERANCE = 1e-5


class Result:
    """One case in one class of bits at one number of threads."""

    def __init__(self, case, bits, threads, measured):
        self.case, self.bits, self.threads = case, bits, threads
        self.measured = measured

    def __getattr__(self, name):
        return self.measured[name]

    def ratio(self):
        return statistics.median(self.peer) / statistics.median(self.attune)

    def first(self, results):
        """The same at the fewest threads."""
        return next(r for r in results if (r.case, r.bits) == (self.case, self.bits))


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
    fields = processor()
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


def load_averages(loads):
    return f"load average {', '.join(f'{load:.2f}' for load in loads)} before the start" + (
        "s" if len(loads) > 1 else "")


def scaling(results):
    """Rows of speed from the fewest threads to more, memory and allocations."""
    rows = []
    for r in results:
        one = r.first(results)
        gains = ["–", "–"] if r is one else [
            f"{statistics.median(a) / statistics.median(b):.2f}"
            for a, b in ((one.attune, r.attune), (one.peer, r.peer))]
        rows.append([r.case.title, r.bits, str(r.threads), *gains,
                     *(f"{mib:.0f}" for mib in r.memory), f"{r.blocks:g}", f"{r.faults:.1f}"])
    return rows


ABOUT = f"""\
The same weights and episodes on both sides, through the loop of attune-train. Bits is the class of
instructions that both sides and their libraries are held to; PyTorch's OpenBLAS is given the kernels
that are made for the class, whatever it would take by itself. Two threads of PyTorch run in the
surroundings in which they are fastest: {", ".join(SURROUNDINGS)}.

- Images: Conv-4-64 on 28×28; training steps are prototypical, 1 shot, 5 queries, Adam, running
  statistics; second-order MAML is 5-way, 1 shot, 15 queries, meta-batch 4. Episodes for evaluation
  are 1 shot, 15 queries from 33,840 images, in PyTorch encoded anew for each episode (some timed,
  times their number).
- Texts: training steps of a matching network, 5 shots, 5 queries: a transformer encoder of 2 layers,
  128 features, 4 heads, over 5,000 generated words; texts of 4 to 32 tokens have 13 on average,
  about log-normal. PyTorch pads a batch to its longest text and masks; written out, or
  nn.TransformerEncoder.
- Translator: a step is 16 episodes of number names, 20 support pairs and 5 queries each;
  transformers of 128 features and 4 heads, 1 layer over each source, 2 over the support, 2 that
  answer with a pointer. Attune draws and lays out the episodes in the step; for PyTorch that is done
  before. Its episodes pass 16, 4 or 1 at a time.
- Agents: 1,024 bandits of 5 arms are played side by side, then PPO makes {EPOCHS} epochs of them; the time
  is that of an epoch and its part of the play. GRU of 64 units; transformer of 2 layers of 64.
  PyTorch plays the same luck, the bandits as tensors, the transformer with cached keys, and passes
  an epoch through the network in pieces of the size that is fastest.

Loss errors: largest difference of the first steps from the same steps in float64. From the second
step on it may be large on either side: Adam's first step goes by the sign of a gradient, also of one
that is nearly zero.
"""


def report(results, loads, rounds):
    times = [[r.case.title, r.bits, str(r.threads), seconds(r.attune), seconds(r.peer), r.form,
              f"{r.ratio():.2f}", f"{r.attune_error:.0e}", f"{r.peer_error:.0e}"]
             for r in results]
    versions = {r.bits: r.versions for r in results}
    return (
        "# Speed\n\n"
        f"- Machine: {machine()}; {load_averages(loads)}\n"
        + "".join(f"- {line}\n" for line in [*versions.values(), peer_versions()])
        + f"- Medians (least–most) of {rounds} alternations, both sides warmed up; made by "
        f"`make bench`\n\n{ABOUT}\n"
        + table(["", "bits", "threads", "Attune", "PyTorch", "its faster form", "times faster",
                 "loss error", "PyTorch's"], times)
        + "\n"
        + table(["", "bits", "threads", "speed-up by threads", "PyTorch's", "peak MiB", "PyTorch's",
                 "blocks asked from the system per step", "page faults per step"],
                scaling(results)))


def complaints(results):
    for r in results:
        where = f"{r.case.title}, {r.bits}, {r.threads} threads"
        if not r.first_error <= TOLERANCE:
            yield (f"{where}: want the first loss within {TOLERANCE} of float64, have "
                   f"{r.first_error:.1e}")
        one = r.first(results)
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


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path, help="attune-bench")
    parser.add_argument("work", type=pathlib.Path, help="folder for data and the ledger")
    parser.add_argument("output", type=pathlib.Path, help="table, Markdown")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS") or 5))
    parser.add_argument("--only", help="cases, e.g. train20,gru10")
    parser.add_argument("--threads", type=int, nargs="+", help="default: 1 and 2",
                        default=[n for n in (1, 2) if n <= (os.cpu_count() or 1)])
    parser.add_argument("--bits", nargs="+", choices=classes_of_bits(), default=classes_of_bits(),
                        help="default: all that this machine has")
    parser.add_argument("--quick", action="store_true",
                        help="one round of few steps: does all of it work?")
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    if options.rounds < 1:
        parser.error("--rounds: want 1 or more")
    if not options.bits:
        parser.error("this machine has neither AVX-512 nor AVX2")
    chosen = cases(options.quick, 400 if options.quick else 10000)
    names = options.only.split(",") if options.only else [case.name for case in chosen]
    unknown = set(names) - {case.name for case in chosen}
    if unknown:
        parser.error(f"--only: want names of cases, have {', '.join(sorted(unknown))}")
    return options, [case for case in chosen if case.name in names]


def main():
    options, chosen = read_options()
    ledger = Ledger(options.work / "speed.jsonl", {
        "program": hashlib.sha256(options.program.read_bytes()).hexdigest(), "machine": machine(),
        "peer": peer_versions(), "rounds": options.rounds, "quick": options.quick})
    bench = Turns(options.program, options.work / "data", options.rounds)
    results = []
    for case in chosen:
        for bits in options.bits:
            for threads in options.threads:
                key = case.name, bits, threads
                if not ledger.get(*key):
                    ledger.put(bench.measure(case, bits, threads), *key)
                r = Result(case, bits, threads, ledger.get(*key))
                results.append(r)
                print(f"{case.title}, {bits}, {threads} threads: {seconds(r.attune)}, PyTorch "
                      f"{seconds(r.peer)}, {r.ratio():.2f} times", file=sys.stderr, flush=True)
    text = report(results, ledger.loads(), options.rounds)
    save(text, options.output)
    ledger.finish()
    end(text, complaints(results))


if __name__ == "__main__":
    main()
