"""Two programs that run the same steps, turn by turn, each at its best."""

import json
import os
import pathlib
import statistics
import subprocess
import sys

CPU_FLAGS = {"avx512": "avx512f", "avx2": "avx2"}
# PyTorch and its libraries, held to the instructions of a class. OpenBLAS takes kernels of the
# oldest processors where it does not know the newest, which this mends for both sides.
PEER_BITS = {
    "avx512": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "avx2": {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2",
             "ATEN_CPU_CAPABILITY": "avx2"},
}
# What several threads of PyTorch may run in: its own and those of BLAS can stand in each other's way.
SURROUNDINGS = {
    "both kinds of threads": {},
    "BLAS on one thread": {"OPENBLAS_NUM_THREADS": "1"},
    "threads wait asleep": {"OMP_WAIT_POLICY": "passive"},
    "one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
}
CHOICES = ("ATTUNE_BITS", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
           "OPENBLAS_CORETYPE")


def processor():
    """The fields of /proc/cpuinfo."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    return dict(tuple(map(str.strip, line.split(":", 1)))
                for line in info.splitlines() if ":" in line)


def classes_of_bits():
    """Those of this machine, widest vectors first."""
    flags = processor().get("flags", "").split()
    return [bits for bits, flag in CPU_FLAGS.items() if flag in flags]


def peer_bits():
    """PyTorch at the best of this machine."""
    return PEER_BITS.get(next(iter(classes_of_bits()), None), {})


def environment(threads, choices):
    """That of a program: its threads, and no choice of instructions but these."""
    return {name: value for name, value in os.environ.items() if name not in CHOICES} | {
        "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)} | choices


class Side:
    """A program that answers each number of steps with a line of JSON."""

    def __init__(self, command, threads, choices):
        variables = environment(threads, choices)
        self.process = subprocess.Popen([*command, "--threads", variables["OMP_NUM_THREADS"]],
                                        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=variables)
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


def largest_difference(losses, reference):
    return max(abs(a - b) for a, b in zip(losses, reference))


class Turns:
    """Measures cases with the data in `folder`."""

    def __init__(self, program, folder, rounds):
        self.program, self.folder, self.rounds = program, folder, rounds
        self.references, self.ready = {}, set()

    def prepare(self, family):
        """Writes the data once."""
        if family not in self.ready:
            command, *rest = family.data
            subprocess.run([self.program, command, self.folder, *rest], check=True)
            self.ready.add(family)

    def reference(self, case):
        """The first losses in float64."""
        if case.name not in self.references:
            side = Side([*case.family.peer, case.name, self.folder, "--double"],
                        os.cpu_count() or 1, peer_bits())
            side.run(case.check)
            side.close()
            self.references[case.name] = side.losses
        return self.references[case.name]

    def peer(self, case, bits, threads):
        """PyTorch, warmed up, in the surroundings in which a turn takes it least."""
        best, least = None, None
        for name, surroundings in SURROUNDINGS.items() if threads > 1 else [("", {})]:
            side = Side([*case.family.peer, case.name, self.folder], threads,
                        PEER_BITS[bits] | surroundings)
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

    def measure(self, case, bits, threads):
        """Seconds of the turns of both sides, and what was seen of them on the way."""
        self.prepare(case.family)
        reference = self.reference(case)
        peer = self.peer(case, bits, threads)
        attune = Side([self.program, case.name, self.folder], threads, {"ATTUNE_BITS": bits})
        attune.run(1 if case.name == "evaluate" else case.check)
        if case.warm:
            attune.run(case.warm)
            peer.run(case.warm)
        for _ in range(self.rounds):
            attune.turns.append(attune.run(case.attune))
            peer.turns.append(peer.run(case.peer))
        attune.close()
        peer.close()
        steps = len(attune.last["seconds"])
        return {
            "attune": attune.turns, "peer": [t * case.episodes for t in peer.turns],
            "losses": attune.losses, "form": peer.greeting["layout"],
            "first_error": abs(attune.losses[0] - reference[0]),
            "attune_error": largest_difference(attune.losses, reference),
            "peer_error": largest_difference(peer.losses, reference),
            "memory": [attune.last["peak_memory_mib"], peer.last["peak_memory_mib"]],
            "blocks": attune.last["allocations"] / steps,
            "faults": attune.last["page_faults"] / steps,
            "versions": attune.greeting["versions"],
        }
