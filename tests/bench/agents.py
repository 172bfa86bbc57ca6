#!/usr/bin/env python3
"""Times agents that learn bandits by PPO against PyTorch, turn by turn, and writes the table.

Both sides start from the same weights and play the same luck. Their losses of the first rollout are
held against the same steps in float64; Attune's must agree to 1e-4, and must be the same bits at any
number of threads. Exit status 1 when they are not.
"""

import os
import sys

import run

TRIALS, EPOCHS = 1024, 4  # of a rollout; an epoch is a step
AGENTS = {"gru": "GRU, 64 units", "transformer": "transformer, 2 layers of 64"}
PULLS = (10, 100)


def cases(quick):
    rollouts = {10: 1 if quick else 4, 100: 1}
    agents = run.Family("agent_peer.py", "agent-data")
    return [run.Case(agents, f"{memory}{pulls}", f"{title}, {pulls} pulls", EPOCHS * rollouts[pulls],
                     EPOCHS * rollouts[pulls], EPOCHS)
            for pulls in PULLS if pulls == 10 or not quick for memory, title in AGENTS.items()]


def rate(case, seconds):
    """Environment steps in a second, where an epoch takes so many."""
    pulls = int(case.name.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return f"{TRIALS * pulls / (EPOCHS * seconds):,.0f}"


def spread(case, turns):
    low, middle, high = (rate(case, value) for value in
                         (max(turns), run.statistics.median(turns), min(turns)))
    return f"{middle} ({low}–{high})"


def report(bench, results, load):
    rows = [[r.case.title, str(r.threads), spread(r.case, r.attune), spread(r.case, r.peer),
             r.layout, f"{r.ratio():.2f}", f"{r.attune_error:.0e}", f"{r.peer_error:.0e}",
             f"{r.memory[0]:.0f}", f"{r.memory[1]:.0f}"] for r in results]
    return (
        "# Speed of agents that learn\n\n"
        f"- Machine: {run.machine()}; load average {load:.2f} before the start\n"
        f"- {bench.versions}\n- {run.peer_versions()}\n"
        f"- Medians (least–most) of {bench.options.rounds} alternations, both sides warmed up; "
        "made by `make bench-agents`\n\n"
        f"Environment steps per second, simulation and learning: {TRIALS:,} bandits of 5 arms are "
        f"played side by side, then PPO makes {EPOCHS}\nepochs of them, each a step of Adam; through "
        "the loop of attune-train. PyTorch plays the same luck from the same weights, the\nbandits "
        "as tensors, the transformer with cached keys, and passes an epoch through the network in "
        f"pieces of the size that is\nfastest. {run.SURROUNDINGS_NOTE}\nLoss errors: largest "
        "difference of the first rollout's steps from the same in float64.\n\n"
        + run.table(["", "threads", "Attune", "PyTorch", "its fastest form", "times faster",
                     "loss error", "PyTorch's", "peak MiB", "PyTorch's"], rows))


def main():
    parser, options = run.read_options(__doc__, "gru10,transformer100")
    wanted = options.only.split(",") if options.only else None
    chosen = [case for case in cases(options.quick) if not wanted or case.name in wanted]
    if not chosen:
        parser.error(f"--only: no such case: {options.only}")
    load = os.getloadavg()[0]
    bench = run.Bench(options)
    bench.make_data(chosen[0].family)
    results = []
    for case in chosen:
        for threads in options.threads:
            results.append(bench.measure(case, threads))
            r = results[-1]
            print(f"{case.title}, {threads} threads: {spread(case, r.attune)} steps per second, "
                  f"PyTorch {spread(case, r.peer)}, {r.ratio():.2f} times", file=sys.stderr,
                  flush=True)
    text = report(bench, results, load)
    run.save(text, options.output)
    run.end(text, run.complaints(results))


if __name__ == "__main__":
    main()
