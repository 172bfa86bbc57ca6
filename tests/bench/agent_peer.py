#!/usr/bin/env python3
"""The agents of attune-bench in PyTorch: vectorised bandits, GRU or transformer, PPO.

agent_peer.py CASE FOLDER --threads N: reads the files of attune-bench agent-data, plays the same luck,
then talks like attune-bench (rounds.hpp). A step is one epoch over a rollout of 1,024 trials; the
first of four plays first. The trials of an epoch pass through the network in pieces of one size, the
fastest of several. With --double the same in float64: what the losses of both sides are held against.
"""

import math

import h5py
import numpy
import torch
from torch.nn import functional as F

from peer_layers import Arrays, sinusoids
from peer_rounds import fastest, read, read_options, talk

HIDDEN = 64
HEADS = 4
RATE = 3e-4
CLIP, DISCOUNT, LAMBDA, ENTROPY, VALUE_WEIGHT = 0.2, 0.99, 0.95, 0.01, 0.5
PIECES = (128, 256, 1024)


class Luck:
    """The random numbers of some rollouts."""

    def __init__(self, path):
        with h5py.File(path) as file:
            self.order = torch.from_numpy(file["/order"][:].astype(numpy.int64))
            trials = self.order.shape[2]
            split = lambda name: torch.from_numpy(file[name][:]).split(trials)
            self.arms, self.tape, self.chance = split("/arms"), split("/tape"), split("/chance")


class Bandits:
    """So many bandits, played side by side."""

    def __init__(self, arms, tape, dtype):
        self.pays = (tape < arms[:, :, None]).to(dtype)  # (B,k,n): of the m-th pull of each arm
        self.trials, self.arms, self.length = self.pays.shape
        self.pulls = torch.zeros(self.trials, self.arms, dtype=torch.int64)
        self.row = torch.arange(self.trials)
        self.seen = torch.zeros(self.trials, self.arms + 3, dtype=dtype)
        self.steps = 0

    def pull(self, arm):
        reward = self.pays[self.row, arm, self.pulls[self.row, arm]]
        self.pulls[self.row, arm] += 1
        self.steps += 1
        self.seen = torch.zeros_like(self.seen)
        self.seen[self.row, arm] = 1
        self.seen[:, self.arms] = reward
        self.seen[:, self.arms + 1] = 1
        self.seen[:, self.arms + 2] = self.steps / self.length
        return reward


class Heads(torch.nn.Module):
    """Policy and value, read from what a memory made of the history."""

    def __init__(self, arrays):
        super().__init__()
        self.policy, self.value = arrays.linear("policy"), arrays.linear("value")

    def forward(self, y):
        return F.log_softmax(self.policy(y), -1), self.value(y).squeeze(-1)


class Gru(torch.nn.Module):
    def __init__(self, arrays):
        super().__init__()
        weight = arrays["memory.gru.input"]
        self.gru = torch.nn.GRU(weight.shape[0], HIDDEN, batch_first=True, dtype=weight.dtype)
        self.gru.weight_ih_l0.data.copy_(weight.T)
        self.gru.weight_hh_l0.data.copy_(arrays["memory.gru.recurrent"].T)
        self.gru.bias_ih_l0.data.copy_(arrays["memory.gru.bias"])
        self.gru.bias_hh_l0.data.zero_()
        self.gru.bias_hh_l0.data[2 * HIDDEN:] = arrays["memory.gru.candidate_bias"]
        # Two of its three parts only repeat those of the other bias; Attune has the third alone.
        self.gru.bias_hh_l0.register_hook(
            lambda g: torch.cat([torch.zeros_like(g[:2 * HIDDEN]), g[2 * HIDDEN:]]))
        self.heads = Heads(arrays)

    def forward(self, x):
        return self.heads(self.gru(x)[0])

    def start(self, trials, length, dtype):
        return torch.zeros(1, trials, HIDDEN, dtype=dtype)

    def step(self, x, state):
        y, state = self.gru(x[:, None], state)
        return self.heads(y[:, 0]), state


class Block(torch.nn.Module):
    def __init__(self, arrays, name):
        super().__init__()
        self.qkv, self.out, self.wide, self.narrow, self.norm, self.feed_norm = arrays.block(name)

    def heads(self, x):
        b, t, _ = x.shape
        return self.qkv(self.norm(x)).view(b, t, 3, HEADS, -1).permute(2, 0, 3, 1, 4)

    def read(self, x, q, k, v, mask):
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores + mask
        read = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        y = x + self.out(read)
        return y + self.narrow(F.relu(self.wide(self.feed_norm(y))))

    def forward(self, x, mask):
        q, k, v = self.heads(x)
        return self.read(x, q, k, v, mask)

    def step(self, x, keys, values, at):
        q, k, v = self.heads(x)
        keys[:, :, at], values[:, :, at] = k[:, :, 0], v[:, :, 0]
        return self.read(x, q, keys[:, :, :at + 1], values[:, :, :at + 1], None)


class Transformer(torch.nn.Module):
    def __init__(self, arrays, length):
        super().__init__()
        self.inside = arrays.linear("memory.in")
        self.blocks = torch.nn.ModuleList(Block(arrays, f"memory.block{i}") for i in (1, 2))
        self.norm = arrays.norm("memory.norm")
        self.heads = Heads(arrays)
        dtype = self.inside.weight.dtype
        self.places = sinusoids(length, HIDDEN).to(dtype)
        self.mask = torch.full((length, length), -math.inf, dtype=dtype).triu(1)

    def forward(self, x):
        y = self.inside(x) + self.places
        for block in self.blocks:
            y = block(y, self.mask)
        return self.heads(self.norm(y))

    def start(self, trials, length, dtype):
        room = lambda: torch.empty(trials, HEADS, length, HIDDEN // HEADS, dtype=dtype)
        return 0, [(room(), room()) for _ in self.blocks]

    def step(self, x, state):
        at, cache = state
        y = self.inside(x)[:, None] + self.places[at]
        for block, (keys, values) in zip(self.blocks, cache):
            y = block.step(y, keys, values, at)
        return self.heads(self.norm(y)[:, 0]), (at + 1, cache)


class Training:
    def __init__(self, folder, case, dtype):
        memory = case.rstrip("0123456789")
        self.length, self.dtype = int(case[len(memory):]), dtype
        self.luck = Luck(f"{folder}/agents{self.length}.h5")
        arrays = Arrays({name: values.to(dtype)
                         for name, values in read(f"{folder}/{memory}-start.h5").items()})
        self.model = Gru(arrays) if memory == "gru" else Transformer(arrays, self.length)
        self.optimiser = torch.optim.Adam(self.model.parameters(), RATE)
        self.rollouts, self.epochs, self.trials = self.luck.order.shape
        self.piece = self.trials
        self.steps = 0

    @torch.no_grad()
    def play(self, r):
        luck = self.luck
        bandits = Bandits(luck.arms[r], luck.tape[r], self.dtype)
        state = self.model.start(self.trials, self.length, self.dtype)
        seen, actions, rewards, chances, values = [], [], [], [], []
        for t in range(self.length):
            seen.append(bandits.seen)
            (log_p, value), state = self.model.step(bandits.seen, state)
            over = (log_p.exp().cumsum(1) <= luck.chance[r][:, t, None]).sum(1)
            action = over.clamp_(max=bandits.arms - 1)
            rewards.append(bandits.pull(action))
            actions.append(action)
            chances.append(log_p.gather(1, action[:, None])[:, 0])
            values.append(value)
        self.x, self.actions = torch.stack(seen, 1), torch.stack(actions, 1)
        self.old_log_p = torch.stack(chances, 1)
        self.estimate(torch.stack(rewards, 1), torch.stack(values, 1) * self.length)

    def estimate(self, rewards, values):
        """Generalised advantages, and what values should have been."""
        found, later, total = torch.empty_like(rewards), 0, 0
        for t in reversed(range(self.length)):
            total = rewards[:, t] + DISCOUNT * later - values[:, t] + DISCOUNT * LAMBDA * total
            found[:, t], later = total, values[:, t]
        self.goal = (found + values) / self.length
        self.advantage = (found - found.mean()) / (found.std(unbiased=False) + 1e-8)

    def loss(self, rows):
        log_p, values = self.model(self.x[rows])
        advantage = self.advantage[rows]
        chosen = log_p.gather(2, self.actions[rows][:, :, None])[:, :, 0]
        ratio = (chosen - self.old_log_p[rows]).exp()
        clipped = ratio.clamp(1 - CLIP, 1 + CLIP)
        worse = torch.maximum(-ratio * advantage, -clipped * advantage).mean()
        entropy = -(log_p.exp() * log_p).sum(2).mean()
        return worse + VALUE_WEIGHT * F.mse_loss(values, self.goal[rows]) - ENTROPY * entropy

    def step(self):
        r, epoch = self.steps // self.epochs % self.rollouts, self.steps % self.epochs
        if epoch == 0:
            self.play(r)
        self.steps += 1
        self.optimiser.zero_grad()
        total = 0.0
        for rows in self.luck.order[r, epoch].split(self.piece):
            loss = self.loss(rows) * (len(rows) / self.trials)
            loss.backward()
            total += loss.item()
        self.optimiser.step()
        return total


def make(folder, case, piece):
    subject = Training(folder, case, torch.float32)
    subject.piece = piece
    return subject


def main():
    options = read_options(__doc__, "gru10, gru100, transformer10 or transformer100")
    if options.double:
        return talk(Training(options.folder, options.case, torch.float64), "one piece")
    piece = fastest(PIECES, lambda size: make(options.folder, options.case, size))
    return talk(make(options.folder, options.case, piece), f"{piece} trials")


if __name__ == "__main__":
    main()
