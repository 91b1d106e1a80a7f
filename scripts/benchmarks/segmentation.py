"""Times the segmentation scores of the release build beside peers, on the same two pairs of 512 x 512 x 300 masks.

Whole processes, one thread, one pinned CPU, warm cache. Checks that the numbers are equal where the definitions are.
`scripts/bench segmentation` makes the peers' environment.
"""

import argparse
import pathlib
import sys

import measuring

SHAPE = (300, 512, 512)
SPACING = (2.5, 0.78125, 0.78125)
TOLERANCE = "2"
# The peers' definition under our name, and the scores that both have; of the others only Dice is the same.
COMPARABLE = {
    "surface-distance": ("surface-area", ("dice", "hd", "hd95", "assd", "masd", "nsd")),
    "medpy": ("voxel-border-pooled", ("dice", "hd", "hd95", "assd")),
    "simpleitk": ("voxel-border", ("dice",)),
}
# Coarser grids with a hundredth and a tenth of the voxels.
THINNINGS = (4.64, 2.15, 1)


def spacing_of(thinning):
    shape = [round(size / thinning) for size in SHAPE]
    return shape, ",".join(repr(size * step / coarse) for size, step, coarse in zip(SHAPE, SPACING, shape))


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.data)
        self.agrees = True

    def files(self, name):
        return [self.folder / f"{name.replace(':', '-')}-{side}.npy" for side in ("reference", "prediction")]

    def ours(self, name, spacing, definition="surface-area", threads=1):
        reference, prediction = self.files(name)
        return measuring.Contender(
            "concordat" + (f", {definition}" if definition != "surface-area" else "")
            + (f", {threads} threads" if threads > 1 else ""),
            [self.options.binary, "score", "segmentation", "--reference", reference, "--prediction", prediction,
             "--spacing", spacing, "--tolerance", TOLERANCE, "--definition", definition, "--threads", threads,
             "--format", "json"])

    def peer(self, tool, name, spacing):
        return measuring.Contender(
            tool, [self.options.python, pathlib.Path(__file__).with_name("segmentation_peer.py"), tool,
                   *self.files(name), spacing, TOLERANCE])

    def race(self, contenders, name, cpus=None):
        measuring.race(contenders, self.files(name), cpus or self.options.cpus.split(",")[0], self.options.repeats)

    def pair(self, name):
        spacing = spacing_of(1)[1]
        contenders = [self.ours(name, spacing)] + [self.peer(tool, name, spacing) for tool in self.options.peers]
        self.race(contenders, name)
        measuring.report(f"{name} pair, 512 x 512 x 300", contenders)
        for peer in contenders[1:]:
            self.compare(name, spacing, contenders[0], peer)
        if self.options.threads > 1:
            threaded = self.ours(name, spacing, threads=self.options.threads)
            self.race([threaded], name, self.options.cpus)
            if threaded.runs and contenders[0].runs:
                print(f"{threaded.name}: {threaded.best:.3f} s, {contenders[0].best / threaded.best:.2f} times as fast")

    def compare(self, name, spacing, ours, peer):
        definition, scores = COMPARABLE[peer.name]
        if definition != "surface-area" and len(scores) > 1:
            ours = self.ours(name, spacing, definition)
            self.race([ours], name)
            print(f"{ours.name}: {ours.best:.3f} s" if ours.runs else f"{ours.name} failed: {ours.failure}")
        if not ours.runs or not peer.runs:
            self.agrees = False
            return
        values = {metric["name"]: metric["value"] for metric in measuring.metrics_of(ours.runs[0])}
        theirs = peer.runs[0].json()
        agreement = measuring.Agreement(1e-9)
        for score in scores:
            agreement.compare(score, values[score], theirs[score])
        self.agrees = agreement.report(f"{peer.name} ({', '.join(scores)})") and self.agrees

    def dense(self):
        spacing = spacing_of(1)[1]
        contenders = [self.ours("dense", spacing), self.peer("distance-transforms", "dense", spacing)]
        self.race(contenders, "dense")
        measuring.report("dense random pair, 512 x 512 x 300, beside two full distance transforms", contenders)

    def growth(self, kind):
        runs, sizes = [], []
        for thinning in THINNINGS:
            name = kind if thinning == 1 else f"{kind}:{thinning}"
            shape, spacing = spacing_of(thinning)
            contender = self.ours(name, spacing)
            self.race([contender], name)
            runs.append(contender)
            sizes.append(shape[0] * shape[1] * shape[2])
        measuring.growth(f"{kind} pair, voxels", runs, sizes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="the concordat program")
    parser.add_argument("--python", required=True, help="a Python with scripts/benchmarks/requirements-peers.txt")
    parser.add_argument("--data", default=".cache/benchmarks", help="where the inputs are kept")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=["surface-distance"],
                        help="of surface-distance, medpy (minutes), simpleitk; default surface-distance")
    parser.add_argument("--growth", action="store_true", help="also the same bodies on coarser grids")
    parser.add_argument("--dense", action="store_true", help="also two random masks")
    parser.add_argument("--threads", type=int, default=1, help="also with so many threads")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, at most 20")
    parser.add_argument("--cpus", default="0,1", help="the first is used alone, all with --threads; default 0,1")
    options = parser.parse_args()
    options.repeats = max(1, min(options.repeats, 20))
    if set(options.peers) - set(COMPARABLE):
        parser.error(f"--peers is of {', '.join(COMPARABLE)}")
    bench = Bench(options)
    names = ["organ", "lesions"] + (["dense"] if options.dense else [])
    if options.growth:
        names += [f"{kind}:{thinning}" for kind in ("organ", "lesions") for thinning in THINNINGS if thinning != 1]
    measuring.make_inputs(options.python, bench.folder, *names)
    for name in ("organ", "lesions"):
        bench.pair(name)
    if options.dense:
        bench.dense()
    if options.growth:
        for kind in ("organ", "lesions"):
            bench.growth(kind)
    sys.exit(0 if bench.agrees else 1)


main()
