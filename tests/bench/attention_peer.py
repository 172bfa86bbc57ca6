#!/usr/bin/env python3
"""softmax(QKᵀ/√d)V in PyTorch, timed as attune-bench-attention times its kinds.

attention_peer.py ITEMS [--both] --threads N --mib LIMIT: the same numbers in, the same talk: lines
of stdin are numbers of steps, each answered with a line of JSON; a last line tells the peak of
memory since a warm-up of few items.
"""

import argparse
import ctypes
import json
import pathlib
import resource
import sys
import time

import numpy
import torch

FEATURES = 64
FEW = 1024  # with fewer its threads would not all begin


def hashed(items, stream):
    """Uniform numbers with mean 0 and variance 1 by position: attention_kinds.cpp."""
    x = numpy.arange(items * FEATURES, dtype=numpy.uint32) + numpy.uint32(stream << 27)
    x *= numpy.uint32(2654435761)
    x = (x ^ x >> numpy.uint32(15)) * numpy.uint32(2246822519)
    x = (x ^ x >> numpy.uint32(13)) * numpy.uint32(3266489917)
    x ^= x >> numpy.uint32(16)
    values = ((x * 2.0**-32 - 0.5) * 12**0.5).astype(numpy.float32)
    return torch.from_numpy(values.reshape(items, FEATURES))


class Subject:
    def __init__(self, items, both):
        self.q, self.k, self.v = (hashed(items, stream).requires_grad_(both)
                                  for stream in (1, 2, 3))
        self.g = hashed(items, 4)
        self.both = both

    def attend(self):
        # Queries are fewer numbers to scale than scores.
        return torch.softmax((self.q * FEATURES**-0.5) @ self.k.t(), -1) @ self.v

    def step(self):
        if not self.both:
            with torch.no_grad():
                return [self.attend()]
        out = self.attend()
        return [out.detach(), *torch.autograd.grad(out, (self.q, self.k, self.v), self.g)]


def status_mib(name):
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    sys.exit(f"/proc/self/status: want a line {name}, have none")


def begin_peak():
    ctypes.CDLL(None).malloc_trim(0)
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    return status_mib("VmRSS")


def notes(arrays):
    for array in arrays:
        x = array.numpy().astype(numpy.float64)
        yield float(numpy.sqrt((x * x).sum()))
        yield float((x * hashed(len(x), 31).numpy()).sum())


def reply(line):
    print(json.dumps(line), flush=True)


def serve(options):
    Subject(min(FEW, options.items), options.both).step()
    before = begin_peak()
    limit = int((status_mib("VmSize") + options.mib) * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    subject = Subject(options.items, options.both)
    reply({"versions": torch.__config__.show()})
    noted = []
    peak = 0.0
    for line in sys.stdin:
        seconds = []
        results = None
        for _ in range(int(line)):
            results = None
            began = time.perf_counter()
            results = subject.step()
            seconds.append(time.perf_counter() - began)
        if not noted:
            peak = status_mib("VmHWM")
            noted = list(notes(results))
            results = None
            begin_peak()  # without what noting took
            reply({"seconds": seconds, "losses": noted})
        else:
            reply({"seconds": seconds, "losses": []})
    reply({"mib": max(peak, status_mib("VmHWM")) - before})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=int)
    parser.add_argument("--both", action="store_true", help="backward too")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--mib", type=int, default=8192, help="memory that may be used")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        serve(options)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        sys.exit("attention_peer: error: out of memory")


if __name__ == "__main__":
    main()
