"""What the PyTorch sides have in common: files, the fastest of several forms, the talk with run.py."""

import argparse
import json
import resource
import sys
import time

import h5py
import torch


def read(path):
    """Weights and buffers by name."""
    arrays = {}
    with h5py.File(path) as file:
        for group in ("weights", "buffers"):
            if group in file:
                for name, values in file[group].items():
                    arrays[name] = torch.from_numpy(values[:])
    return arrays


def read_options(description, cases):
    """Case, folder and the rest; PyTorch runs on so many threads from then on."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("case", help=cases)
    parser.add_argument("folder", help="of the data")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--double", action="store_true", help="in float64, not timed")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    return options


def fastest(names, make):
    """The name whose subject make(name) takes least for a step, each after one step to warm up."""
    taken = {}
    for name in names:
        subject = make(name)
        subject.step()
        times = []
        for _ in range(3):
            began = time.perf_counter()
            subject.step()
            times.append(time.perf_counter() - began)
        taken[name] = min(times)
    return min(taken, key=taken.get)


def reply(line):
    print(json.dumps(line), flush=True)


def talk(subject, form):
    """As attune-bench does (rounds.hpp); `form` is told with the greeting."""
    reply({"versions": torch.__config__.show(), "layout": form})
    for line in sys.stdin:
        seconds, losses = [], []
        for _ in range(int(line)):
            began = time.perf_counter()
            losses.append(subject.step())
            seconds.append(time.perf_counter() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        reply({"seconds": seconds, "losses": losses, "peak_memory_mib": round(peak, 1)})
