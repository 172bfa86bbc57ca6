"""What make bench times on both sides."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
EPOCHS = 4  # of a rollout of agents; an epoch is a step


class Family:
    """Cases that share a PyTorch program and the data that attune-bench writes for both sides."""

    def __init__(self, peer, *data):
        self.peer = [sys.executable, HERE / peer]
        self.data = data  # attune-bench's arguments; the folder comes after the first


class Case:
    """Steps of one turn of both sides and of the check; `warm` more before the turns, where shapes
    change from step to step; `episodes` of one Attune step."""

    def __init__(self, family, name, title, attune, peer, check, episodes=1, warm=0):
        self.family, self.name, self.title = family, name, title
        self.attune, self.peer, self.check = attune, peer, check
        self.episodes, self.warm = episodes, warm


def cases(quick, episodes):
    images = Family("peer.py", "data", "--episodes", str(episodes))
    texts = Family("text_peer.py", "text-data")
    translators = Family("translator_peer.py", "translator-data")
    agents = Family("agent_peer.py", "agent-data")
    short = [2, 2, 2]
    rollouts = 1 if quick else 4
    warm = 0 if quick else 75
    return [
        Case(images, "train20", "training step, 20-way", *(short if quick else [15, 15, 3])),
        Case(images, "train60", "training step, 60-way", *(short if quick else [5, 5, 3])),
        Case(images, "maml1", "MAML step, 1 inner", *(short if quick else [4, 4, 3])),
        Case(images, "maml5", "MAML step, 5 inner", *(short if quick else [2, 2, 2])),
        Case(images, "evaluate", f"{episodes:,} episodes, 20-way", 1, 4 if quick else 20, 10,
             episodes),
        Case(texts, "text", "texts of 4 to 32 tokens, 20-way", *(short if quick else [5, 5, 3]),
             warm=warm),
        Case(texts, "text32", "texts of 32 tokens, 20-way", *(short if quick else [4, 4, 3])),
        Case(translators, "translator", "translator, 16 episodes of 20 pairs",
             *(short if quick else [4, 4, 3]), warm=warm),
        *(Case(agents, f"{memory}{pulls}", f"{title}, {pulls} pulls", turns, turns, EPOCHS)
          for pulls, turns in ((10, EPOCHS * rollouts), (100, EPOCHS))
          for memory, title in (("gru", "agent, GRU"), ("transformer", "agent, transformer"))
          if pulls == 10 or not quick),
    ]
