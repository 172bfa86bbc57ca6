#!/usr/bin/env python3
"""The translator of attune-bench in PyTorch: transformers over the support, a decoder, a pointer.

translator_peer.py CASE FOLDER --threads N: reads the files of attune-bench translator-data, then
talks like attune-bench (rounds.hpp). What a model is given is laid out beforehand, masks too; the
episodes of a meta-batch pass together or in pieces, whichever is faster. With --double the same in
float64: what the losses of both sides are held against.
"""

import math

import h5py
import torch
from torch import nn
from torch.nn import functional as F

from peer_layers import Arrays, sinusoids
from peer_rounds import fastest, read, read_options, talk

HEADS = 4
RATE = 1e-3
FLOOR = 1e-6
END, FIRST_SYMBOL = 1, 4
ITEM, WORD, STEP = 0, 1, 2
PIECES = (16, 4, 1)


def additive(allowed):
    return torch.zeros(allowed.shape, dtype=torch.get_default_dtype()).masked_fill_(
        ~allowed, -math.inf)


class Places:
    """Places in targets: the symbols before each, where it is, and in which pair."""

    def __init__(self, group, name, features):
        number = lambda part: torch.from_numpy(group[f"{name}.{part}"][:].astype("int64"))
        self.earlier = [number(f"earlier{w}") for w in (1, 2, 3)]
        self.at = placed(number("place"), features)
        self.pair = number("pair")


def placed(places, features):
    return sinusoids(int(places.max()) + 1, features)[places].to(torch.get_default_dtype())


class Layout:
    """Some episodes as tensors; letters as in pair_layout.hpp."""

    def __init__(self, group, features, symbols):
        for name in ("word", "symbol", "next", "slot", "query_pair", "answered", "answer"):
            setattr(self, name, torch.from_numpy(group[name][:].astype("int64")))
        bits = lambda name: torch.from_numpy(group[name][:]) > 0
        words = bits("word_present")  # (P,W)
        present, target = bits("present"), bits("target")  # (B,S)
        self.pairs, self.words = words.shape
        self.episodes, self.memory = present.shape
        self.item, self.forced = (Places(group, name, features) for name in ("item", "forced"))
        self.from_end = placed(torch.from_numpy(group["from_end"][:].astype("int64")), features)
        self.word_at = sinusoids(self.words, features).to(torch.get_default_dtype())
        queries = len(self.query_pair)
        self.steps = len(self.forced.pair) // queries
        count = words.sum(1, keepdim=True).clamp(min=1)
        self.share = (words / count).to(torch.get_default_dtype())[:, :, None]
        self.word_mask = additive(words)[:, None, None]
        self.memory_mask = additive(present)[:, None, None]
        self.target_mask = additive(target)[:, None]
        length = self.words + self.steps
        seen = torch.cat([words[self.query_pair],
                          torch.ones(queries, self.steps, dtype=torch.bool)], 1)
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        self.causal_mask = additive(causal & seen[:, None])[:, None]
        symbol = torch.from_numpy(group["memory_symbol"][:].astype("int64"))
        symbol = symbol.view(self.episodes, self.memory)
        self.symbols = F.one_hot(symbol, symbols).to(torch.get_default_dtype())
        self.symbols[:, :, 0] = 0
        known = self.symbols.amax(1, keepdim=True) > 0  # (B,1,V)
        known[:, :, [i for i in range(FIRST_SYMBOL) if i != END]] = False
        self.known_mask = additive(known)


def split(x, parts):
    """(B,T,parts·D) → parts of (B,H,T,F)."""
    b, t, _ = x.shape
    return x.view(b, t, parts, HEADS, -1).permute(2, 0, 3, 1, 4)


def attend(q, k, v, mask):
    scores = (q * (1 / math.sqrt(q.shape[-1]))) @ k.transpose(-1, -2) + mask
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


class Block(nn.Module):
    def __init__(self, arrays, name):
        super().__init__()
        self.qkv, self.out, self.wide, self.narrow, self.norm, self.feed_norm = arrays.block(name)
        self.looks = f"{name}.memory_norm.gamma" in arrays
        if self.looks:
            self.query = arrays.linear(f"{name}.memory.query")
            self.kv = arrays.linear(f"{name}.memory.key", f"{name}.memory.value")
            self.read = arrays.linear(f"{name}.memory.out")
            self.memory_norm = arrays.norm(f"{name}.memory_norm")

    def forward(self, x, mask, memory=None, memory_mask=None):
        x = x + self.out(attend(*split(self.qkv(self.norm(x)), 3), mask))
        if self.looks:
            # All queries of an episode are rows beside each other.
            together = self.query(self.memory_norm(x)).view(len(memory), -1, x.shape[2])
            read = attend(split(together, 1)[0], *split(self.kv(memory), 2), memory_mask)
            x = x + self.read(read).view(x.shape)
        return x + self.narrow(F.relu(self.wide(self.feed_norm(x))))


class Stack(nn.Module):
    def __init__(self, arrays, name):
        super().__init__()
        count = sum(f"{name}.block{i}.in.weight" in arrays for i in range(1, 65))
        self.blocks = nn.ModuleList(Block(arrays, f"{name}.block{i + 1}") for i in range(count))
        self.norm = arrays.norm(f"{name}.norm")

    def forward(self, x, *masks_and_memory):
        for block in self.blocks:
            x = block(x, *masks_and_memory)
        return self.norm(x)


class Model(nn.Module):
    def __init__(self, arrays):
        super().__init__()
        arrays = Arrays({name.removeprefix("translator."): value for name, value in arrays.items()})
        self.word, self.symbol, self.next, self.side = map(
            arrays.rows, ("word", "symbol", "next", "side"))
        self.earlier = nn.ModuleList(arrays.rows(f"earlier{w}") for w in (1, 2, 3))
        self.bind, self.from_end = arrays.linear("bind"), arrays.linear("from_end")
        self.sentence, self.encoder, self.decoder = (
            Stack(arrays, name) for name in ("sentence", "encoder", "decoder"))
        self.query, self.key, self.gate, self.generate = (
            arrays.linear(f"output.{name}") for name in ("query", "key", "gate", "generate"))
        self.symbols, self.features = self.symbol.weight.shape
        self.factor = math.sqrt(self.features)

    def around(self, places, whole):
        symbols = sum(rows(symbols) for rows, symbols in zip(self.earlier, places.earlier))
        return symbols * self.factor + places.at + whole[places.pair]

    def remember(self, of, each, whole):
        """The memory (B,S,D): target items, words of sources, nothing, each at its place."""
        own = self.symbol(of.symbol) + self.next(of.next) + self.side.weight[ITEM]
        items = (self.around(of.item, whole) + own * self.factor + self.from_end(of.from_end))
        words = each.reshape(-1, self.features) + self.side.weight[WORD] * self.factor
        nothing = words.new_zeros(1, self.features)
        memory = torch.cat([items, words, nothing])[of.slot]
        return self.encoder(memory.view(of.episodes, of.memory, self.features), of.memory_mask)

    def forward(self, of):
        words = (self.word(of.word) * self.factor).view(of.pairs, of.words, self.features)
        each = self.sentence(words + of.word_at, of.word_mask)
        whole = self.bind((each * of.share).sum(1))
        memory = self.remember(of, each, whole)
        asked = each[of.query_pair] + self.side.weight[WORD] * self.factor
        steps = self.around(of.forced, whole) + self.side.weight[STEP] * self.factor
        steps = steps.view(len(asked), of.steps, self.features)
        h = self.decoder(torch.cat([asked, steps], 1), of.causal_mask, memory, of.memory_mask)
        h = h[:, of.words:].reshape(of.episodes, -1, self.features)
        scores = self.query(h) @ self.key(memory).transpose(1, 2) / math.sqrt(self.features)
        copied = (scores + of.target_mask).softmax(-1) @ of.symbols
        generated = (self.generate(h) + of.known_mask).softmax(-1)
        p = generated + self.gate(h).sigmoid() * (copied - generated)
        chosen = p.view(-1, self.symbols)[of.answered, of.answer]
        return -((1 - FLOOR) * chosen + FLOOR / self.symbols).log().sum()


class Training:
    def __init__(self, folder, together, double=False):
        if double:
            torch.set_default_dtype(torch.float64)
        arrays = {name: values.to(torch.get_default_dtype())
                  for name, values in read(f"{folder}/translator-start.h5").items()}
        self.model = Model(arrays).train()
        with h5py.File(f"{folder}/translator-layouts.h5") as file:
            group = file[f"of{together}"]
            self.batches = [
                [Layout(batch[f"piece{i}"], self.model.features, self.model.symbols)
                 for i in range(len(batch))]
                for batch in (group[f"batch{i}"] for i in range(len(group)))]
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE, foreach=True)
        self.next = 0

    def step(self):
        batch = self.batches[self.next % len(self.batches)]
        self.next += 1
        answered = sum(len(layout.answer) for layout in batch)
        self.optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for layout in batch:
            loss = self.model(layout) / answered
            loss.backward()
            total += loss.item()
        self.optimiser.step()
        return total


def main():
    options = read_options(__doc__, "translator")
    make = lambda together: Training(options.folder, together, options.double)
    together = PIECES[0] if options.double else fastest(PIECES, make)
    talk(make(together), f"{together} at a time")


if __name__ == "__main__":
    main()
