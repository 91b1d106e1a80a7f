"""Writes the inputs of the benchmarks, the same bytes every time. Usage: inputs.py FOLDER NAME...

NAME is organ, lesions or dense, with :THINNING for a grid that many times coarser along each axis (mask pairs, uint8
.npy, axes z, y, x); scores:COUNT (one CSV with y, s and the same as .npy, in two files and in one); table:ROWS (20 columns, .npy and CSV).
Beyond a million rows a table repeats the first million.
"""

import pathlib
import sys

import numpy

SHAPE = (300, 512, 512)
SPACING = (2.5, 0.78125, 0.78125)
BLOCK = 1_000_000


def thinned(thinning):
    """The shape and spacing of a coarser grid over the same body."""
    shape = tuple(max(1, round(size / thinning)) for size in SHAPE)
    spacing = tuple(size * step / coarse for size, step, coarse in zip(SHAPE, SPACING, shape))
    return shape, spacing


def organ(shape, spacing, seed, centre, axes, roughness):
    """An ellipsoid in mm whose surface waves."""
    generator = numpy.random.default_rng(seed)
    waves = 14
    frequencies = generator.normal(size=(waves, 3)) * 3.0
    phases = generator.uniform(0, 2 * numpy.pi, waves)
    heights = generator.normal(size=waves) * roughness / numpy.sqrt(waves)
    mask = numpy.zeros(shape, numpy.uint8)
    middle = [point * full / step for point, full, step in zip(centre, SPACING, spacing)]
    y = ((numpy.arange(shape[1]) - middle[1]) * spacing[1]).astype(numpy.float32)[:, None]
    x = ((numpy.arange(shape[2]) - middle[2]) * spacing[2]).astype(numpy.float32)[None, :]
    for slice_index in range(shape[0]):
        z = numpy.float32((slice_index - middle[0]) * spacing[0])
        squared = (z / axes[0]) ** 2 + (y / axes[1]) ** 2 + (x / axes[2]) ** 2
        if squared.min() > 2:
            continue
        radius = numpy.sqrt(squared) + 1e-6
        u, v, w = (z / axes[0]) / radius, (y / axes[1]) / radius, (x / axes[2]) / radius
        edge = 1.0 + sum(
            heights[i] * numpy.cos(frequencies[i, 0] * u + frequencies[i, 1] * v + frequencies[i, 2] * w + phases[i])
            for i in range(waves))
        mask[slice_index] = radius <= edge
    return mask


def organ_pair(shape, spacing):
    return (organ(shape, spacing, 11, (150, 256, 250), (150, 110, 140), 0.10),
            organ(shape, spacing, 11, (151, 257.5, 251), (151, 111, 139), 0.115))


def lesion_pair(shape, spacing):
    """120 ellipsoids: most found with an error, some missed, some invented."""
    generator = numpy.random.default_rng(21)
    reference, prediction = numpy.zeros(shape, numpy.uint8), numpy.zeros(shape, numpy.uint8)
    extent = numpy.array(SHAPE) * numpy.array(SPACING)

    def add(mask, centre, radii):
        low = [max(0, int(numpy.floor((centre[i] - radii[i]) / spacing[i]))) for i in range(3)]
        high = [min(shape[i], int(numpy.ceil((centre[i] + radii[i]) / spacing[i])) + 1) for i in range(3)]
        grid = numpy.meshgrid(*[numpy.arange(low[i], high[i]) * spacing[i] - centre[i] for i in range(3)],
                              indexing="ij")
        inside = sum((grid[i] / radii[i]) ** 2 for i in range(3)) <= 1
        mask[low[0]:high[0], low[1]:high[1], low[2]:high[2]] |= inside.astype(numpy.uint8)

    for _ in range(120):
        centre = extent * generator.uniform(0.08, 0.92, 3)
        radii = generator.uniform(3, 12) * generator.uniform(0.7, 1.3, 3)
        fate = generator.uniform()
        if fate < 0.85:
            add(reference, centre, radii)
        if fate < 0.70:
            add(prediction, centre + generator.normal(0, 1.2, 3), radii * generator.uniform(0.8, 1.2))
        elif fate >= 0.85:
            add(prediction, centre, radii)
    return reference, prediction


def dense_pair(shape, spacing):
    """Every voxel set or not by the toss of a coin: the most surface that there can be."""
    generator = numpy.random.default_rng(31)
    return tuple((generator.integers(0, 256, shape, numpy.uint8) & 1) for _ in range(2))


def save(path, array):
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as stream:
        numpy.save(stream, array)
    partial.rename(path)


def write_pair(folder, name):
    kind, _, thinning = name.partition(":")
    paths = [folder / f"{name.replace(':', '-')}-{side}.npy" for side in ("reference", "prediction")]
    if all(path.exists() for path in paths):
        return
    make = {"organ": organ_pair, "lesions": lesion_pair, "dense": dense_pair}[kind]
    for path, mask in zip(paths, make(*thinned(float(thinning or 1)))):
        save(path, mask)


def write_scores(folder, count):
    text, labels, values, both = (folder / f"scores-{count}{end}" for end in (".csv", "-y.npy", "-s.npy", ".npy"))
    if text.exists() and labels.exists() and values.exists() and both.exists():
        return
    generator = numpy.random.default_rng(2026)
    y = (generator.uniform(size=count) < 0.12).astype(numpy.uint8)
    s = 1 / (1 + numpy.exp(-(generator.normal(size=count) + 1.1 * y - 1)))
    save(labels, y)
    save(values, s)
    save(both, numpy.column_stack([y.astype(numpy.float64), s]))
    import polars
    partial = text.with_suffix(".partial")
    polars.DataFrame({"y": y, "s": s}).write_csv(partial)
    partial.rename(text)


def table(rows):
    """Quantities of many shapes (c8 far from zero, c3 and c7 with 5 % missing), counts (c12 to c15), codes (c16 to c19)."""
    generator = numpy.random.default_rng(2026)
    draw = [
        lambda: generator.normal(50, 12, rows), lambda: generator.lognormal(1, 0.8, rows),
        lambda: generator.gamma(2, 3, rows), lambda: generator.normal(0, 1, rows),
        lambda: generator.exponential(5, rows), lambda: generator.uniform(0, 100, rows),
        lambda: generator.normal(120, 15, rows), lambda: generator.normal(25, 4, rows),
        lambda: 1e9 + generator.normal(0, 1, rows), lambda: generator.standard_t(4, rows),
        lambda: generator.beta(2, 5, rows), lambda: numpy.round(generator.normal(70, 10, rows), 1),
    ]
    columns = numpy.empty((rows, 20))
    for index, drawn in enumerate(draw):
        columns[:, index] = drawn()
    for index in (3, 7):
        columns[generator.uniform(size=rows) < 0.05, index] = numpy.nan
    for index, (low, high) in enumerate(((18, 95), (0, 10), (0, 1000), (1, 6))):
        columns[:, 12 + index] = generator.integers(low, high, rows)
    for index, levels in enumerate((2, 4, 5, 12)):
        weights = numpy.arange(1, levels + 1)
        columns[:, 16 + index] = generator.choice(levels, rows, p=weights / weights.sum())
    return columns


def write_table(folder, rows):
    array, text = folder / f"table-{rows}.npy", folder / f"table-{rows}.csv"
    if array.exists() and text.exists():
        return
    if rows > BLOCK and rows % BLOCK:
        sys.exit(f"more than {BLOCK} rows are a multiple of it")
    block = table(min(rows, BLOCK))
    import polars
    frame = polars.DataFrame({
        f"c{index}": polars.Series(block[:, index]).fill_nan(None) if index < 12
        else block[:, index].astype(numpy.int64) for index in range(20)
    })
    partial = text.with_suffix(".partial")
    with open(partial, "wb") as stream:
        for part in range(max(1, rows // BLOCK)):
            frame.write_csv(stream, include_header=part == 0)
    partial.rename(text)
    partial = array.with_suffix(".partial")
    mapped = numpy.lib.format.open_memmap(partial, mode="w+", dtype=numpy.float64, shape=(rows, 20))
    for part in range(max(1, rows // BLOCK)):
        mapped[part * BLOCK:(part + 1) * BLOCK] = block
    mapped.flush()
    partial.rename(array)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        kind, _, size = name.partition(":")
        if kind == "scores":
            write_scores(folder, int(size))
        elif kind == "table":
            write_table(folder, int(size))
        else:
            write_pair(folder, name)


main()
