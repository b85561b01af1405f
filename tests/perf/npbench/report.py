"""What was measured as lines, as tables in Markdown, and as a bar chart."""
import math


SIDES = {"numba": "Numba", "numpy": "NumPy", "serial": "kjit serial"}


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def is_right(row, side):
    return row.get(side, {}).get("status") == "right"


def ratio(row, what, peer="numba"):
    return row[peer][what] / row["kjit"][what]


def compile_time(row, side):
    """What a first call takes longer than later ones."""
    return max(row[side]["first"] - row[side]["median"], 0.0)


def line(name, row):
    k = row["kjit"]
    text = f"{name:26} {k['status']:9}"
    if k["status"] != "right":
        return text + " " + k["message"]
    text += f" first {k['first'] * 1e3:9.2f} ms  median {k['median'] * 1e3:10.3f} ms"
    if is_right(row, "numba"):
        text += f"   Numba / kjit: first {ratio(row, 'first'):7.1f}  median {ratio(row, 'median'):6.2f}"
    if is_right(row, "numpy"):
        text += f"   NumPy / kjit: median {ratio(row, 'median', 'numpy'):6.2f}"
    if is_right(row, "serial"):
        text += f"   kjit serial / parallel: median {ratio(row, 'median', 'serial'):6.2f}"
    return text


def summary(rows):
    """Lines: how many of each outcome, and the geometric means over kernels that are right on both sides."""
    states = [r["kjit"]["status"] for r in rows.values()]
    out = [f"{len(rows)} kernels: " + ", ".join(f"{states.count(s)} {s}" for s in sorted(set(states)))]
    first = [r["kjit"]["first"] for r in rows.values() if is_right(r, "kjit")]
    if first:
        compiling = sum(compile_time(r, "kjit") for r in rows.values() if is_right(r, "kjit"))
        out.append(f"first calls of kjit: {sum(first):.2f} s together, {compiling:.2f} s without what a later call takes")
    for peer, shown in SIDES.items():
        both = [r for r in rows.values() if is_right(r, "kjit") and is_right(r, peer)]
        if not both:
            continue
        means = [f"{what} {geometric_mean(ratio(r, key, peer) for r in both):.{digits}f}"
                 for what, key, digits in (("first call", "first", 1), ("median", "median", 2)) if peer == "numba" or key == "median"]
        if peer == "numba":
            compiled = [r for r in both if compile_time(r, "kjit") > 0 and compile_time(r, peer) > 0]
            means.insert(1, f"less a later one {geometric_mean(compile_time(r, peer) / compile_time(r, 'kjit') for r in compiled):.1f}")
        least = min(both, key=lambda r: ratio(r, "median", peer))
        name = next(n for n, r in rows.items() if r is least)
        out.append(f"geometric means over {len(both)}: {shown} / kjit {', '.join(means)}; least {ratio(least, 'median', peer):.2f} ({name})")
    return out


def milliseconds(row, side, what):
    return f"{row[side][what] * 1e3:.3g}" if is_right(row, side) else row[side]["status"] if side in row else ""


def table(runs):
    """Markdown: a section for each run, then the kernels that are not right with the reason."""
    out = []
    for run in runs:
        rows, out_of_place = run["kernels"], []
        peers = [p for p in SIDES if any(p in r for r in rows.values())]
        out += [f"### Variant {run['variant']}, size {run['size']}", "", *(f"{s}." for s in summary(rows)), ""]
        head = ["kernel", "kjit first ms", "kjit ms"]
        for p in peers:
            head += [f"{SIDES[p]} first ms"] * (p == "numba") + [f"{SIDES[p]} ms", f"{SIDES[p]} / kjit"]
        out += ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
        for name, row in sorted(rows.items()):
            if not is_right(row, "kjit"):
                out_of_place.append(f"- {name}: {row['kjit']['status']}: {row['kjit']['message']}")
                continue
            cells = [name, milliseconds(row, "kjit", "first"), milliseconds(row, "kjit", "median")]
            for p in peers:
                cells += [milliseconds(row, p, "first")] * (p == "numba") + [milliseconds(row, p, "median")]
                cells.append(f"{ratio(row, 'median', p):.2f}" if is_right(row, p) else "")
            out.append("| " + " | ".join(cells) + " |")
        out += ["", *(["Not among them:", "", *out_of_place, ""] if out_of_place else [])]
    return "\n".join(out)


def chart(runs, path, threads=1):
    """Bars of the peer's median over kjit's, a colour for each run, on a logarithmic scale; the kind of file by its name."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "kjit"
    import matplotlib.pyplot as plt

    series = []
    for run in runs:
        peer = "numba" if any(is_right(r, "numba") for r in run["kernels"].values()) else "numpy"
        found = {n: ratio(r, "median", peer) for n, r in run["kernels"].items() if is_right(r, "kjit") and is_right(r, peer)}
        if found:
            mean = geometric_mean(found.values())
            series.append((found, f"{run['variant']}, size {run['size']}: {'Numba' if peer == 'numba' else 'NumPy'} / kjit, mean {mean:.2f}"))
    names = sorted({n for found, _ in series for n in found}, key=lambda n: -max(found.get(n, 0) for found, _ in series))
    figure, axes = plt.subplots(figsize=(max(6, 0.24 * len(names) + 1), 4.5))
    width = 0.8 / max(len(series), 1)
    for i, (found, label) in enumerate(series):
        at = [k + (i - (len(series) - 1) / 2) * width for k in range(len(names))]
        axes.bar(at, [found.get(n, math.nan) - 1 for n in names], width, bottom=1, label=label)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_yscale("log")
    low, high = (math.floor(math.log2(v)) for v in axes.get_ylim())
    step = 1 if high - low <= 8 else 2
    ticks = [2.0**k for k in range(low - low % step, high + 1, step) if k > low or 2.0**k >= axes.get_ylim()[0]]
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.minorticks_off()
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_xlim(-0.7, len(names) - 0.3)
    axes.set_ylabel("how many times faster than the peer")
    axes.set_title("NPBench: run time of the peer over kjit's, medians, " + ("one thread" if threads == 1 else f"{threads} threads"))
    axes.grid(axis="y", linewidth=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if str(path).endswith("svg") else None)
