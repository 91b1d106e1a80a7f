"""Times AUROC with DeLong's variance and the summary of a table beside peers, on the same files.

Whole processes, one thread, one pinned CPU, warm cache. Checks that the numbers are equal. The file is not called
statistics.py, which would hide Python's own module from every script here. `scripts/bench statistics` makes the peers'
environment and then runs what is timed from inside (Benchmarks/).
"""

import argparse
import pathlib
import sys

import measuring

QUANTILE_NAMES = ["5", "25", "50", "75", "95"]
# The peer whose two passes lose no digits. The others do in the variance of values far from zero.
EXACT = "numpy"
FAR = "c8"


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.data)
        self.agrees = True

    def ours(self, what, arguments, threads=1):
        return measuring.Contender(
            what + (f", {threads} threads" if threads > 1 else ""),
            [self.options.binary, "score", *arguments, "--threads", threads, "--format", "json"])

    def peer(self, what, task, tool, files, threads=1):
        return measuring.Contender(
            what + (f", {threads} threads" if threads > 1 else ""),
            [self.options.python, pathlib.Path(__file__).with_name("statistics_peer.py"), task, tool, *files],
            {"PEER_THREADS": str(threads)})

    def race(self, contenders, files, threads=1, repeats=None):
        cpus = self.options.cpus if threads > 1 else self.options.cpus.split(",")[0]
        measuring.race(contenders, files, cpus, repeats or self.options.repeats)

    # Scores

    def score_files(self, count):
        return self.folder / f"scores-{count}.csv", [self.folder / f"scores-{count}-{part}.npy" for part in "ys"]

    def our_scores(self, count, threads=1):
        text, _ = self.score_files(count)
        return self.ours("concordat, CSV", ["classification", text, "--label", "y", "--score", "s"], threads)

    def our_areas(self, count):
        """What the peers compute, and no more."""
        text, _ = self.score_files(count)
        only = ["--only", "auroc,auroc_variance"]
        array = self.folder / f"scores-{count}.npy"
        return [
            self.ours("concordat, .npy, AUROC only",
                      ["classification", array, "--label", "c0", "--score", "c1", *only]),
            self.ours("concordat, CSV, AUROC only", ["classification", text, "--label", "y", "--score", "s", *only]),
        ]

    def scores(self, count, threads=1):
        text, arrays = self.score_files(count)
        everything = self.our_scores(count, threads)
        peers = [
            self.peer("numpy DeLong, .npy", "scores", "numpy", arrays),
            self.peer("numpy DeLong, CSV by polars", "scores", "numpy", [text], threads),
        ]
        areas = self.our_areas(count) if threads == 1 else []
        files = [text, *arrays] + ([self.folder / f"scores-{count}.npy"] if areas else [])
        self.race([everything, *areas, *peers], files, threads)
        measuring.report(f"{count:,} scores: AUROC and its variance (ours also calibration, Brier, AP, log loss)",
                         [everything, *peers])
        for ours, peer in zip(areas, peers):
            measuring.report(f"{count:,} scores: AUROC and its variance alone", [ours, peer])
        if threads > 1:
            return
        contenders = [everything, *peers]
        for peer in peers:
            if not peer.runs or not contenders[0].runs:
                self.agrees = False
                continue
            values = {metric["name"]: metric["value"] for metric in measuring.metrics_of(contenders[0].runs[0])
                      if "group" not in metric}
            theirs = peer.runs[0].json()
            agreement = measuring.Agreement(1e-10)
            for name in ("auroc", "auroc_variance"):
                agreement.compare(name, values[name], theirs[name])
            inside = min(run.json()["compute"] for run in peer.runs)
            print(f"  {peer.name}: {inside:.3f} s of its time is DeLong alone")
            self.agrees = agreement.report(f"  {peer.name}") and self.agrees

    # Tables

    def table_file(self, rows, end):
        return self.folder / f"table-{rows}.{end}"

    def our_table(self, rows, end, threads=1):
        return self.ours(f"concordat, {end}",
                         ["summary", self.table_file(rows, end), "--histogram", "50", "--by", "c18"], threads)

    def table(self, rows, end, tools, threads=1):
        file = self.table_file(rows, end)
        contenders = [self.our_table(rows, end, threads)]
        contenders += [self.peer(f"{tool}, {end}", "table", tool, [file], threads) for tool in tools]
        self.race(contenders, [file], threads)
        measuring.report(f"{rows:,} x 20 table from {end} (ours with all columns by c18)", contenders)
        if threads > 1:
            return
        if not contenders[0].runs:
            self.agrees = False
            return
        metrics = measuring.metrics_of(contenders[0].runs[0])
        for peer in contenders[1:]:
            self.agrees = (bool(peer.runs) and self.compare_table(metrics, peer)) and self.agrees

    def compare_table(self, metrics, peer):
        theirs = peer.runs[0].json()
        ours, bars = {}, {}
        for metric in metrics:
            parameters = metric.get("parameters", {})
            key = (metric["name"], metric["variable"], metric.get("group"), parameters.get("percent") or
                   parameters.get("level"))
            if "lower" in parameters:
                bars.setdefault(metric["variable"], []).append(metric["value"])
            else:
                ours[key] = metric
        agreement, bounds = measuring.Agreement(1e-9), 0
        is_exact = peer.name.startswith(EXACT)
        for column, (count, mean, deviation, low, high, quantiles, histogram) in theirs["columns"].items():
            for name, value in (("n", count), ("mean", mean), ("sd", deviation), ("min", low), ("max", high)):
                is_lost = name == "sd" and column == FAR and not is_exact
                agreement.compare(f"{name} of {column}", ours[name, column, None, None]["value"], value,
                                  tolerance=1e-6 if is_lost else None)
            for percent, value in zip(QUANTILE_NAMES, quantiles):
                metric = ours["quantile", column, None, percent]
                if metric["value"] is None:
                    bounds += 1
                    inside = metric["interval"]["lower"] <= value <= metric["interval"]["upper"]
                    agreement.compare(f"bounds of quantile {percent} of {column}", float(inside), 1.0)
                else:
                    agreement.compare(f"quantile {percent} of {column}", metric["value"], value)
            if column in bars:
                # The peers divide to find a bin, so that a case on an edge may fall beside it.
                moved = sum(abs(one - two) for one, two in zip(bars[column], histogram)) / 2
                agreement.compare(f"histogram of {column}, cases in another bin", moved, 0.0,
                                  tolerance=None if is_exact else 5)
        for level, (mean, deviation) in theirs["groups"].items():
            agreement.compare(f"mean of c0 in {level}", ours["mean", "c0", level, None]["value"], mean)
            agreement.compare(f"sd of c0 in {level}", ours["sd", "c0", level, None]["value"], deviation)
        for cell, count in theirs["cells"].items():
            one, two = cell.split(",")
            agreement.compare(f"cases of c16 {one} and c18 {two}", ours["count", "c16", two, one]["value"], count)
        return agreement.report(f"  {peer.name}" + (f" ({bounds} quantiles as bounds)" if bounds else ""))

    # Growth

    def growth(self):
        sizes = [100_000, 1_000_000, 10_000_000]
        lines = [("scores from CSV", self.our_scores, lambda size: [self.score_files(size)[0]])]
        for end in ("npy", "csv"):
            lines.append((f"table from {end}, rows", lambda rows, end=end: self.our_table(rows, end),
                          lambda rows, end=end: [self.table_file(rows, end)]))
        for title, contender, files in lines:
            runs = [contender(size) for size in sizes]
            for size, run in zip(sizes, runs):
                self.race([run], files(size), repeats=3)
            measuring.growth(title, runs, sizes)
            print("  peak memory: " + ", ".join(
                f"{size:,}: {run.peak:.0f} MiB" for size, run in zip(sizes, runs) if run.runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="the concordat program")
    parser.add_argument("--python", required=True, help="a Python with scripts/benchmarks/requirements-peers.txt")
    parser.add_argument("--data", default=".cache/benchmarks", help="where the inputs are kept")
    parser.add_argument("--size", type=int, default=1_000_000, help="scores and rows; default a million")
    parser.add_argument("--growth", action="store_true", help="also a tenth and ten times the size (4 GB of files)")
    parser.add_argument("--threads", type=int, default=1, help="also with so many threads")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, at most 20")
    parser.add_argument("--cpus", default="0,1", help="the first is used alone, all with --threads; default 0,1")
    options = parser.parse_args()
    options.repeats = max(1, min(options.repeats, 20))
    bench = Bench(options)
    sizes = [options.size] + ([100_000, 1_000_000, 10_000_000] if options.growth else [])
    measuring.make_inputs(options.python, bench.folder,
                          *[f"{kind}:{size}" for size in sorted(set(sizes)) for kind in ("scores", "table")])
    for threads in sorted({1, max(1, options.threads)}):
        bench.scores(options.size, threads)
        bench.table(options.size, "npy", ["polars"] + (["numpy"] if threads == 1 else []), threads)
        bench.table(options.size, "csv", ["duckdb", "polars"], threads)
    if options.growth:
        bench.growth()
    sys.exit(0 if bench.agrees else 1)


main()
