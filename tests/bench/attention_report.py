"""What the cells of make bench-attention say: growth, tables, the rows that the plot reads."""

import math

import run

ARRAYS = 8  # Q, K, V, O and their gradients
FEATURES = 64
MODES = {"forward": "forward", "both": "forward and backward"}
TILED = "softmax_tiled"
PEER = "softmax_pytorch"
LONG = 1000  # from this many items on goals are set
HEADER = ["group", "kind", "mode", "items", "seconds", "least", "most", "mib", "status"]


def growth(points):
    """Exponent by least squares in log-log over the upper half of (items, value), at least two
    points; with the sizes at its ends. None where there are fewer."""
    points = [(math.log(n), math.log(v), n) for n, v in points if v and v > 0]
    points = points[-max(2, math.ceil(len(points) / 2)):]
    if len(points) < 2:
        return None
    mean_x = sum(p[0] for p in points) / len(points)
    mean_y = sum(p[1] for p in points) / len(points)
    slope = (sum((p[0] - mean_x) * (p[1] - mean_y) for p in points)
             / sum((p[0] - mean_x)**2 for p in points))
    return slope, points[0][2], points[-1][2]


def predicted(points, items):
    """The value at `items` as the last two sizes grow, at most cubically (no kind does more, but
    short steps are noisy); None where fewer ran."""
    points = [(n, v) for n, v in points if v and v > 0]
    if len(points) < 2:
        return None
    (n1, v1), (n2, v2) = points[-2:]
    exponent = min(3, math.log(v2 / v1) / math.log(n2 / n1))
    return v2 * (items / n2)**exponent


def tsv(cells):
    def row(cell):
        number = [f"{v:.6g}" if v is not None else "NA"
                  for v in (cell.seconds, cell.least, cell.most, cell.mib)]
        return [cell.group, cell.kind, cell.mode, str(cell.items), *number, cell.status or "ran"]
    return "".join("\t".join(row) + "\n" for row in [HEADER, *map(row, cells)])


def time_text(value):
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e6:.3g} µs"


def memory_text(mib):
    return f"{mib / 1024:.3g} GiB" if mib >= 1024 else f"{max(mib, 0):.3g} MiB"


def growth_text(found):
    return f"{found[0]:.2f} ({found[1]:,}–{found[2]:,})" if found else "–"


def grid(cells, group, mode, what, text):
    """One row per kind, one column per size."""
    chosen = [c for c in cells if c.group == group and c.mode == mode]
    sizes = sorted({c.items for c in chosen})
    rows = []
    for kind in dict.fromkeys(c.kind for c in chosen):
        own = {c.items: c for c in chosen if c.kind == kind}
        row = [kind]
        for size in sizes:
            cell = own.get(size)
            value = getattr(cell, what, None)
            row.append("–" if cell is None else cell.status if value is None else text(value))
        row.append(growth_text(growth([(n, getattr(own[n], what)) for n in sizes if n in own])))
        rows.append(row)
    return run.table(["", *(f"{n:,}" for n in sizes), "exponent"], rows)


def held_mib(items):
    """Q, K, V, O and their gradients."""
    return ARRAYS * items * FEATURES * 4 / 2**20


def comparison(pairs):
    rows = []
    for tiled, peer in pairs:
        ran = tiled.seconds is not None and peer is not None and peer.seconds is not None
        both = tiled.mode == "both" and tiled.mib is not None
        share = f"{tiled.mib / held_mib(tiled.items):.2f}" if both else "–"
        cell = [f"{c.seconds and time_text(c.seconds) or c.status}" if c else "not installed"
                for c in (tiled, peer)]
        memory = [memory_text(c.mib) if c and c.mib is not None else "–" for c in (tiled, peer)]
        rows.append([f"{tiled.items:,}", MODES[tiled.mode], *cell,
                     f"{peer.seconds / tiled.seconds:.2f}" if ran else "–", *memory, share])
    return run.table(["items", "", "in tiles", "PyTorch", "times faster", "memory", "PyTorch's",
                      "of Q, K, V, O and their gradients"], rows)


def wanted(cells, pairs):
    """What was set as a goal, and whether it is so."""
    pairs = [pair for pair in pairs if pair[0].items >= LONG]
    ratios = [(p.seconds / t.seconds, t) for t, p in pairs
              if p is not None and p.seconds and t.seconds]
    if ratios:
        least, at = min(ratios, key=lambda pair: pair[0])
        yield (f"tiles at least as fast as PyTorch: {'yes' if least >= 1 else 'no'}, least "
               f"{least:.2f} times ({at.items:,} items, {MODES[at.mode]})")
    shares = [(t.mib / held_mib(t.items), t) for t, _ in pairs if t.mode == "both" and t.mib]
    if shares:
        most, at = max(shares, key=lambda pair: pair[0])
        yield (f"tiles within 1.5 times the memory of Q, K, V, O and their gradients: "
               f"{'yes' if most <= 1.5 else 'no'}, most {most:.2f} ({at.items:,} items)")
    if max(c.items for c in cells) < LONG:
        return
    found = {}
    for kind, mode in dict.fromkeys((c.kind, c.mode) for c in cells if c.kind.startswith("linear")):
        own = growth([(c.items, c.seconds) for c in cells if (c.kind, c.mode) == (kind, mode)])
        if own:
            found[kind, mode] = own[0]
    if found:
        worst = max(found, key=found.get)
        yield (f"linear-cost kinds grow with an exponent of at most 1.1: "
               f"{'yes' if found[worst] <= 1.1 else 'no'}, most {found[worst]:.2f} ({worst[0]}, "
               f"{MODES[worst[1]]})")


def report(cells, pairs, about):
    text = "# Cost of attention\n\n" + "".join(f"- {line}\n" for line in about)
    if cells:
        text += "".join(f"- Wanted: {line}\n" for line in wanted(cells, pairs))
    if pairs:
        text += "\n## Exact attention in tiles against PyTorch's softmax(QKᵀ/√d)V\n\n"
        text += comparison(pairs)
    for group in dict.fromkeys(c.group for c in cells):
        for mode, title in MODES.items():
            text += f"\n## {group.capitalize()}, {title}: seconds\n\n"
            text += grid(cells, group, mode, "seconds", time_text)
            text += f"\n## {group.capitalize()}, {title}: peak memory\n\n"
            text += grid(cells, group, mode, "mib", memory_text)
    return text
