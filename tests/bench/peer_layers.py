"""Layers of PyTorch from the weights of a file that attune-bench wrote."""

import torch
from torch import nn


class Arrays(dict):
    """Weights by name, as layers."""

    def linear(self, *names):
        """One layer of all that are named, next to each other."""
        weight = torch.cat([self[f"{name}.weight"] for name in names], 1)
        layer = nn.Linear(*weight.shape, bias=f"{names[0]}.bias" in self, dtype=weight.dtype)
        layer.weight.data.copy_(weight.T)
        if layer.bias is not None:
            layer.bias.data.copy_(self[f"{names[0]}.bias"])
        return layer

    def norm(self, name):
        gamma = self[f"{name}.gamma"]
        layer = nn.LayerNorm(len(gamma), eps=1e-5, dtype=gamma.dtype)
        layer.weight.data.copy_(gamma)
        layer.bias.data.copy_(self[f"{name}.beta"])
        return layer

    def rows(self, name):
        return nn.Embedding.from_pretrained(self[f"{name}.weight"].clone(), freeze=False)

    def block(self, name):
        """The layers of a block: queries, keys and values, out, wide, narrow, and both norms."""
        return (self.linear(*(f"{name}.self.{part}" for part in ("query", "key", "value"))),
                *(self.linear(f"{name}.{part}") for part in ("self.out", "in", "out")),
                *(self.norm(f"{name}.{part}") for part in ("self_norm", "feed_norm")))


def sinusoids(length, features):
    wave = torch.arange(length, dtype=torch.float64)[:, None] / 10000 ** (
        torch.arange(0, features, 2, dtype=torch.float64) / features)
    return torch.stack([wave.sin(), wave.cos()], 2).flatten(1)
