"""One peer, one task, one process: prints what it computed as JSON. Usage: statistics_peer.py TASK TOOL FILE...

TASK scores (FILE: labels.npy scores.npy, or a CSV with y, s) with TOOL numpy; table (FILE: .npy or CSV) with TOOL numpy,
polars or duckdb: of each column number, mean, standard deviation, extremes, 5 quantiles and a histogram of 50 bins; the
mean and standard deviation of c0 by c18; the table c16 by c18.
"""

import json
import os
import sys
import time

THREADS = int(os.environ.get("PEER_THREADS", "1"))
os.environ["POLARS_MAX_THREADS"] = str(THREADS)
import numpy  # noqa: E402

QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]
NAMES = [f"c{index}" for index in range(20)]


def midranks(values):
    order = numpy.argsort(values, kind="stable")
    ranked = values[order]
    starts = numpy.flatnonzero(numpy.r_[True, ranked[1:] != ranked[:-1]])
    ends = numpy.r_[starts[1:], len(ranked)]
    ranks = numpy.empty(len(values))
    ranks[order] = numpy.repeat((starts + ends + 1) / 2, ends - starts)
    return ranks


def delong(labels, scores):
    """Sun and Xu 2014, IEEE Signal Processing Letters 21:1389: DeLong's variance by ranks."""
    labels = labels.astype(bool)
    positive, negative = scores[labels], scores[~labels]
    m, n = len(positive), len(negative)
    together = midranks(numpy.r_[positive, negative])
    area = (together[:m].sum() - m * (m + 1) / 2) / m / n
    above = (together[:m] - midranks(positive)) / n
    below = 1 - (together[m:] - midranks(negative)) / m
    return {"auroc": float(area), "auroc_variance": float(above.var(ddof=1) / m + below.var(ddof=1) / n)}


def scores(tool, files):
    started = time.perf_counter()
    if len(files) == 1:
        import polars
        table = polars.read_csv(files[0])
        labels, values = table["y"].to_numpy(), table["s"].to_numpy()
    else:
        labels, values = (numpy.load(file) for file in files)
    loaded = time.perf_counter()
    found = delong(labels, values)
    return found, loaded - started, time.perf_counter() - loaded


def histogram(values):
    return numpy.histogram(values, 50)[0].tolist()


def table_numpy(file):
    started = time.perf_counter()
    rows = numpy.load(file)
    loaded = time.perf_counter()
    columns = {}
    for index, name in enumerate(NAMES):
        values = numpy.ascontiguousarray(rows[:, index])
        values = values[~numpy.isnan(values)]
        columns[name] = [len(values), values.mean(), values.std(ddof=1), values.min(), values.max(),
                         numpy.quantile(values, QUANTILES).tolist(), histogram(values)]
    groups = {}
    for level in numpy.unique(rows[:, 18]):
        part = rows[rows[:, 18] == level, 0]
        groups[str(int(level))] = [part.mean(), part.std(ddof=1)]
    cells = numpy.bincount((rows[:, 16] * 5 + rows[:, 18]).astype(int), minlength=10)
    return columns, groups, {f"{cell // 5},{cell % 5}": int(count) for cell, count in enumerate(cells)}, started, loaded


def table_polars(file):
    import polars
    started = time.perf_counter()
    rows = (polars.read_csv(file) if file.endswith(".csv")
            else polars.from_numpy(numpy.load(file), schema=NAMES).fill_nan(None))
    loaded = time.perf_counter()
    every = polars.all()
    found = rows.select(
        *[getattr(every, what)().name.suffix("_" + what) for what in ("count", "mean", "std", "min", "max")],
        *[every.quantile(share, "linear").name.suffix(f"_{share}") for share in QUANTILES])
    columns = {
        name: [found[f"{name}_{what}"][0] for what in ("count", "mean", "std", "min", "max")]
        + [[found[f"{name}_{share}"][0] for share in QUANTILES], histogram(rows[name].drop_nulls().to_numpy())]
        for name in NAMES
    }
    means = rows.group_by("c18").agg(polars.col("c0").mean().alias("mean"), polars.col("c0").std().alias("sd"))
    cells = rows.group_by("c16", "c18").len()
    return (columns, {str(int(level)): [mean, sd] for level, mean, sd in means.iter_rows()},
            {f"{int(one)},{int(two)}": count for one, two, count in cells.iter_rows()}, started, loaded)


def table_duckdb(file):
    import duckdb
    connection = duckdb.connect(config={"threads": THREADS})
    started = time.perf_counter()
    connection.execute(f"create table t as select * from read_csv('{file}')")
    loaded = time.perf_counter()
    found = connection.execute("select " + ",".join(
        f"count({name}), avg({name}), stddev_samp({name}), min({name}), max({name}), quantile_cont({name}, {QUANTILES})"
        for name in NAMES) + " from t").fetchone()
    columns = {}
    for index, name in enumerate(NAMES):
        count, mean, deviation, low, high, quantiles = found[6 * index:6 * index + 6]
        bins = connection.execute(
            f"select least(49, cast(floor(({name} - ({low})) / (({high}) - ({low})) * 50) as int)) b, count(*) from t"
            f" where {name} is not null group by 1").fetchall()
        counts = [0] * 50
        for place, cases in bins:
            counts[place] = cases
        columns[name] = [count, mean, deviation, low, high, list(quantiles), counts]
    means = connection.execute("select c18, avg(c0), stddev_samp(c0) from t group by 1").fetchall()
    cells = connection.execute("select c16, c18, count(*) from t group by 1, 2").fetchall()
    return (columns, {str(level): [mean, sd] for level, mean, sd in means},
            {f"{one},{two}": count for one, two, count in cells}, started, loaded)


def main():
    task, tool, *files = sys.argv[1:]
    if task == "scores":
        found, load, compute = scores(tool, files)
    else:
        columns, groups, cells, started, loaded = {
            "numpy": table_numpy, "polars": table_polars, "duckdb": table_duckdb}[tool](files[0])
        load, compute = loaded - started, time.perf_counter() - loaded
        found = {"columns": {name: [float(value) for value in values[:5]] + values[5:]
                             for name, values in columns.items()},
                 "groups": {level: [float(value) for value in values] for level, values in groups.items()},
                 "cells": cells}
    print(json.dumps({"load": load, "compute": compute, **found}))


main()
