#!/usr/bin/env python3
"""The matching network of texts in PyTorch: texts padded to the longest of a batch, and masked.

text_peer.py CASE FOLDER --threads N: reads the files of attune-bench text-data, then talks like
attune-bench (rounds.hpp). The encoder is nn.TransformerEncoder or written out, whichever is faster.
With --double the same in float64: what the losses of both sides are held against.
"""

import math

import h5py
import numpy
import torch
from torch import nn
from torch.nn import functional as F

from peer_layers import Arrays, sinusoids
from peer_rounds import fastest, read, read_options, talk

HEADS = 4
LAYERS = 2
RATE = 1e-3
FORMS = ("nn.TransformerEncoder", "written out")


class Texts:
    """Texts as places in the model's vocabulary, 0 where a text has ended."""

    def __init__(self, folder, case):
        with h5py.File(f"{folder}/{case}-start.h5") as file:
            place = {word: i + 1 for i, word in enumerate(file["/vocabulary/word"][:])}
        with h5py.File(f"{folder}/{case}-pool.h5") as file:
            words = numpy.array([place.get(word, 0) for word in file["/pool/word"][:]])
            token, begin = file["/pool/token"][:], file["/pool/token_begin"][:].astype(numpy.int64)
        self.length = torch.from_numpy(numpy.diff(begin))
        self.token = torch.zeros(len(self.length), int(self.length.max()), dtype=torch.int64)
        for row, (first, last) in enumerate(zip(begin, begin[1:])):
            self.token[row, :last - first] = torch.from_numpy(words[token[first:last]])

    def batch(self, rows):
        """Tokens (B,T), and where there is none."""
        length = self.length[rows]
        longest = int(length.max())
        return self.token[rows, :longest], torch.arange(longest) >= length[:, None]


def block_name(i):
    return f"encoder.block{i + 1}"


class Block(nn.Module):
    def __init__(self, arrays, name):
        super().__init__()
        self.qkv, self.out, self.wide, self.narrow, self.norm, self.feed_norm = arrays.block(name)

    def forward(self, x, mask):
        b, t, features = x.shape
        q, k, v = self.qkv(self.norm(x)).view(b, t, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        scores = (q * (1 / math.sqrt(q.shape[-1]))) @ k.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        read = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, features)
        x = x + self.out(read)
        return x + self.narrow(F.relu(self.wide(self.feed_norm(x))))


class WrittenOut(nn.Module):
    def __init__(self, arrays):
        super().__init__()
        self.blocks = nn.ModuleList(Block(arrays, block_name(i)) for i in range(LAYERS))
        self.norm = arrays.norm("encoder.norm")

    def forward(self, x, absent):
        mask = None
        if absent is not None:
            mask = torch.zeros(absent.shape, dtype=x.dtype).masked_fill_(absent, -math.inf)
            mask = mask[:, None, None]
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x)


class OfTorch(nn.Module):
    def __init__(self, arrays):
        super().__init__()
        layers = []
        for i in range(LAYERS):
            qkv, out, wide, narrow, norm, feed_norm = arrays.block(block_name(i))
            layer = nn.TransformerEncoderLayer(qkv.in_features, HEADS, wide.out_features, dropout=0,
                                               norm_first=True, batch_first=True)
            layer.self_attn.in_proj_weight, layer.self_attn.in_proj_bias = qkv.weight, None
            layer.self_attn.out_proj.load_state_dict(out.state_dict())
            layer.linear1, layer.linear2, layer.norm1, layer.norm2 = wide, narrow, norm, feed_norm
            layers.append(layer)
        self.stack = nn.TransformerEncoder(layers[0], LAYERS, arrays.norm("encoder.norm"))
        self.stack.layers = nn.ModuleList(layers)

    def forward(self, x, absent):
        return self.stack(x, src_key_padding_mask=absent)


class Model(nn.Module):
    def __init__(self, arrays, form, longest):
        super().__init__()
        arrays = Arrays(arrays)
        table = arrays["encoder.embedding.word"]
        self.embedding = nn.Embedding.from_pretrained(table.clone(), freeze=False)
        self.factor = math.sqrt(table.shape[1])
        self.register_buffer("places", sinusoids(longest, table.shape[1]).to(table.dtype))
        self.encoder = (OfTorch if form == FORMS[0] else WrittenOut)(arrays)
        self.log_scale = nn.Parameter(arrays["attention.score.log_scale"].clone())

    def encode(self, tokens, absent):
        x = self.embedding(tokens) * self.factor + self.places[:tokens.shape[1]]
        padded = bool(absent.any())
        y = self.encoder(x, absent if padded else None)
        if not padded:
            return y.mean(1)
        present = (~absent).to(y.dtype)[:, :, None]
        return (y * present).sum(1) / present.sum(1)

    def forward(self, tokens, absent, shots):
        """Log-probabilities: the attention that each class of the support receives."""
        x = F.normalize(self.encode(tokens, absent), dim=1)
        count = len(x) // 2  # as many queries as examples of the support
        scores = x[count:] @ x[:count].t() * self.log_scale.exp()
        return scores.log_softmax(1).view(count, -1, shots).logsumexp(2)


class Training:
    def __init__(self, folder, case, form, double=False):
        self.texts = Texts(folder, case)
        with h5py.File(f"{folder}/{case}-episodes.h5") as file:
            support, query = (torch.from_numpy(file[name][:].astype(numpy.int64))
                              for name in ("/support", "/query"))
            ways = int(file.attrs["ways"])
        assert support.shape == query.shape
        self.rows = torch.cat([support, query], 1)
        self.shots = support.shape[1] // ways
        self.labels = torch.arange(ways).repeat_interleave(self.shots)
        if double:
            torch.set_default_dtype(torch.float64)
        arrays = {name: values.to(torch.get_default_dtype())
                  for name, values in read(f"{folder}/{case}-start.h5").items()}
        self.model = Model(arrays, form, self.texts.token.shape[1]).train()
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE, foreach=True)
        self.next = 0

    def step(self):
        rows = self.rows[self.next % len(self.rows)]
        self.next += 1
        log_p = self.model(*self.texts.batch(rows), self.shots)
        loss = F.nll_loss(log_p, self.labels)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.item()


def main():
    options = read_options(__doc__, "text or text32")
    make = lambda form: Training(options.folder, options.case, form, options.double)
    form = FORMS[1] if options.double else fastest(FORMS, make)
    talk(make(form), form)


if __name__ == "__main__":
    main()
