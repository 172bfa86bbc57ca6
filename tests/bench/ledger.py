"""What a long bench has measured so far, so that a run that was ended goes on."""

import json
import os


class Ledger:
    """One JSON line for each measurement, below a line of what they were made with: another one of
    these begins a new ledger."""

    def __init__(self, path, made_with):
        self.path, self.entries = path, {}
        self.load = os.getloadavg()[0]
        head = json.dumps(made_with)
        lines = path.read_text().splitlines() if path.exists() else []
        kept = [head]
        for line in lines[1:] if lines[:1] == [head] else []:
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:  # the last one, cut short
                break
            self.entries[entry["key"]] = entry
            kept.append(line)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(kept) + "\n")

    def get(self, *key):
        entry = self.entries.get(" ".join(map(str, key)))
        return entry and entry["value"]

    def put(self, value, *key):
        entry = {"key": " ".join(map(str, key)), "load": self.load, "value": value}
        self.entries[entry["key"]] = entry
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def loads(self):
        """The load averages before the starts of all runs."""
        return sorted({self.load, *(entry["load"] for entry in self.entries.values())})

    def finish(self):
        self.path.unlink()
