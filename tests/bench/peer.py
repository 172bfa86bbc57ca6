#!/usr/bin/env python3
"""The same steps in PyTorch, in the faster of its two memory layouts.

peer.py CASE FOLDER --threads N: reads the files of attune-bench data, then talks like attune-bench
(rounds.hpp). In the case `evaluate` a step is one episode, its images encoded anew. With --double
the same in float64: what the losses of both sides are held against.
"""

import h5py
import numpy
import torch
from torch.nn import functional as F

from peer_rounds import fastest, read, read_options, talk

BLOCKS = 4
FILTERS = 64
RATE = 1e-3
INNER_RATE = 0.1
META_BATCH = 4
EPS = 1e-5
LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}


class Form:
    """How numbers are kept: memory layout of images and of their weights, and type."""

    def __init__(self, layout, dtype=torch.float32):
        self.layout = layout
        self.dtype = dtype

    def of(self, tensor):
        """A copy in this form."""
        layout = self.layout if tensor.dim() == 4 else torch.contiguous_format
        # Not .contiguous(): it leaves the strides of one-channel images as they are.
        return torch.empty(tensor.shape, dtype=self.dtype, memory_format=layout).copy_(tensor)


class Data:
    def __init__(self, folder, episodes):
        with h5py.File(f"{folder}/pool.h5") as file:
            self.pixels = torch.from_numpy(file["/pool/x"][:])
        with h5py.File(f"{folder}/{episodes}.h5") as file:
            self.support = torch.from_numpy(file["/support"][:].astype(numpy.int64))
            self.query = torch.from_numpy(file["/query"][:].astype(numpy.int64))
            self.ways = int(file.attrs["ways"])
        self.count = len(self.support)
        self.support_labels = self.labels(self.support)
        self.query_labels = self.labels(self.query)

    def labels(self, table):
        return torch.arange(self.ways).repeat_interleave(table.shape[1] // self.ways)

    def images(self, rows, form):
        return form.of(self.pixels[rows]).div_(255)


def conv4(arrays, form):
    """Conv-4-64 as a module, with the weights of the file."""
    layers = []
    for i in range(BLOCKS):
        block = f"encoder.block{i + 1}"
        weight = arrays[f"{block}.conv.weight"]
        conv = torch.nn.Conv2d(weight.shape[1], FILTERS, 3, padding=1, bias=False)
        norm = torch.nn.BatchNorm2d(FILTERS, eps=EPS, momentum=0.1)
        with torch.no_grad():
            conv.weight.copy_(weight)
            norm.weight.copy_(arrays[f"{block}.norm.gamma"])
            norm.bias.copy_(arrays[f"{block}.norm.beta"])
            norm.running_mean.copy_(arrays[f"{block}.norm.mean"])
            norm.running_var.copy_(arrays[f"{block}.norm.var"])
        layers += [conv, norm, torch.nn.ReLU(inplace=True), torch.nn.MaxPool2d(2)]
    layers.append(torch.nn.Flatten())
    return torch.nn.Sequential(*layers).to(dtype=form.dtype, memory_format=form.layout)


def prototypical(features, data):
    """Logits: minus squared distances to the class means, over the root of the feature count."""
    shots = len(data.support_labels)
    support, query = features[:shots], features[shots:]
    prototypes = support.view(data.ways, -1, support.shape[1]).mean(1)
    lengths = query.square().sum(1, keepdim=True) + prototypes.square().sum(1)
    return (2 * query @ prototypes.t() - lengths) / support.shape[1] ** 0.5


class Training:
    def __init__(self, folder, name, form):
        self.data = Data(folder, name)
        self.form = form
        self.model = conv4(read(f"{folder}/start.h5"), form).train()
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE)
        self.next = 0

    def step(self):
        data = self.data
        episode = self.next % data.count
        self.next += 1
        rows = torch.cat([data.support[episode], data.query[episode]])
        features = self.model(data.images(rows, self.form))
        loss = F.cross_entropy(prototypical(features, data), data.query_labels)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.item()


class Maml:
    def __init__(self, folder, inner_steps, form):
        self.data = Data(folder, "maml")
        self.form = form
        self.inner_steps = inner_steps
        arrays = read(f"{folder}/maml-start.h5")
        names = [f"block{i + 1}.{part}" for i in range(BLOCKS)
                 for part in ("conv.weight", "norm.gamma", "norm.beta")]
        self.weights = []
        for name in names + ["output.weight", "output.bias"]:
            self.weights.append(form.of(arrays[name]).requires_grad_())
        self.optimiser = torch.optim.Adam(self.weights, lr=RATE)
        self.next = 0

    def loss(self, weights, images, labels):
        x = images
        for i in range(BLOCKS):
            conv, gamma, beta = weights[3 * i:3 * i + 3]
            x = F.conv2d(x, conv, padding=1)
            x = F.batch_norm(x, None, None, gamma, beta, training=True, eps=EPS)
            x = F.max_pool2d(F.relu(x), 2)
        return F.cross_entropy(x.flatten(1) @ weights[-2] + weights[-1], labels)

    def step(self):
        data = self.data
        total = 0.0
        self.optimiser.zero_grad(set_to_none=True)
        for _ in range(META_BATCH):
            episode = self.next % data.count
            self.next += 1
            support = data.images(data.support[episode], self.form)
            fast = self.weights
            for _ in range(self.inner_steps):
                inner = self.loss(fast, support, data.support_labels)
                gradients = torch.autograd.grad(inner, fast, create_graph=True)
                fast = [w - INNER_RATE * g for w, g in zip(fast, gradients)]
            query = data.images(data.query[episode], self.form)
            loss = self.loss(fast, query, data.query_labels) / META_BATCH
            loss.backward()
            total += loss.item()
        self.optimiser.step()
        return total


class Evaluation:
    def __init__(self, folder, form):
        self.data = Data(folder, "evaluate")
        self.form = form
        self.model = conv4(read(f"{folder}/trained.h5"), form).eval()
        self.next = 0

    @torch.no_grad()
    def step(self):
        data = self.data
        episode = self.next % data.count
        self.next += 1
        rows = torch.cat([data.support[episode], data.query[episode]])
        logits = prototypical(self.model(data.images(rows, self.form)), data)
        (logits.argmax(1) == data.query_labels).float().mean().item()
        return F.cross_entropy(logits, data.query_labels).item()


def make(case, folder, form):
    if case.startswith("maml"):
        return Maml(folder, int(case[len("maml"):]), form)
    return Evaluation(folder, form) if case == "evaluate" else Training(folder, case, form)


def main():
    options = read_options(__doc__, "train20, train60, maml1, maml5 or evaluate")
    if options.double:
        layout, form = "contiguous", Form(torch.contiguous_format, torch.float64)
    else:
        layout = fastest(LAYOUTS, lambda name: make(options.case, options.folder,
                                                    Form(LAYOUTS[name])))
        form = Form(LAYOUTS[layout])
    talk(make(options.case, options.folder, form), layout)


if __name__ == "__main__":
    main()
