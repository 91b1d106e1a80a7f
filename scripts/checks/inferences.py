"""The numbers that follow from one answer, of one site or of several sites' patients together."""

from fractions import Fraction

import definitions as define
from cohort import combinations, groups_of, hits, select
from site_data import units, usable
from tolerances import EXACT, ROUNDED

LEVEL = 0.95


def compare(ledger, label, metric, expected):
    tolerance = expected.get("tolerance", EXACT)
    ledger.close(label, metric["value"], expected.get("value"), tolerance)
    ledger.same(label + ".undefined", metric.get("undefined"), expected.get("undefined"))
    if "n" in expected:
        ledger.same(label + ".n", metric.get("n"), expected["n"])
    interval, wanted = metric.get("interval"), expected.get("interval")
    if callable(wanted):
        ledger.true(label, interval is not None and wanted(interval["lower"], interval["upper"]), "bounds do not hold")
    elif wanted is None or interval is None:
        ledger.same(label + ".interval", interval, wanted)
    else:
        ledger.close(label + ".lower", interval["lower"], wanted[0], ROUNDED)
        ledger.close(label + ".upper", interval["upper"], wanted[1], ROUNDED)
        ledger.same(label + ".level", interval.get("level"), LEVEL)


def of(check, name, what, given):
    """The metrics of the answer `name` from the data of the sites `given`."""
    sites = [check.sites[site] for site in given]
    aggregates = [check.answers[site][name]["aggregate"] for site in given]
    if what[0] == "statistic":
        kind = what[1]["kind"]
        make = {"summary": moments, "histogram": quantiles, "table": table}[kind]
        return make(check, sites, aggregates, what[1])
    if what[0] == "roc":
        return roc(check, sites, what[1])
    if what[0] == "confusion":
        return confusion(check, sites, aggregates, *what[1:])
    return []


def grouped(sites, statistic):
    """Usable and other values by level over all sites."""
    by_level = {}
    for site in sites:
        column = site.values[statistic["variable"]]
        for level, cases in groups_of(site, statistic):
            by_level.setdefault(level, []).extend(column[c] for c in cases if usable(column[c]))
    return by_level


def group_withheld(aggregates, level, fields):
    return any(
        isinstance(group[field], dict) for aggregate in aggregates for group in aggregate["groups"]
        if group.get("level") == level for field in fields)


def moments(check, sites, aggregates, statistic):
    id = statistic["variable"]
    unit = Fraction(sites[0].variables[id]["resolution"])
    for level, values in grouped(sites, statistic).items():
        base = {"variable": id} | ({"group": level} if level else {})
        if group_withheld(aggregates, level, ["n", "sum", "sumSquares"]):
            yield {"name": "mean", "undefined": "withheld", **base}
            continue
        if not values:
            if level is None:
                yield {"name": "mean", "undefined": "no-cases", **base}
                yield {"name": "sd", "undefined": "no-cases", **base}
            continue
        mean, sd, interval = define.moments(values, unit, LEVEL)
        yield {"name": "mean", "value": mean, "interval": interval, "n": len(values), **base}
        yield {"name": "sd", "value": sd, "n": len(values), **base} | (
            {"undefined": "too-few-cases"} if sd is None else {})


def quantiles(check, sites, aggregates, statistic):
    id = statistic["variable"]
    resolution = sites[0].variables[id]["resolution"]
    edges = [units(edge, resolution) for edge in statistic["edges"]]
    for level, values in grouped(sites, statistic).items():
        values = sorted(v for v in values if edges[0] <= v <= edges[-1])
        if group_withheld(aggregates, level, ["n"]) or not values:
            continue
        exact = all(
            group["lower"] == group["upper"] for aggregate in aggregates for group in aggregate["groups"]
            if group.get("level") == level)
        for percent in (5, 25, 50, 75, 95):
            # Every sample quantile of Hyndman and Fan lies between these order statistics.
            first = values[max(1, len(values) * percent // 100) - 1]
            last = values[min(len(values), -(-len(values) * percent // 100) + 1) - 1]

            def holds(lower, upper, first=first, last=last):
                low, high = (units(repr(end), resolution) for end in (lower, upper))
                within = low in edges and high in edges and low <= first and (last < high or last == edges[-1] == high)
                if not exact:
                    return within
                tight_low = max(e for e in edges[:-1] if e <= first)
                tight_high = min((e for e in edges if e > last), default=edges[-1])
                return within and (low, high) == (tight_low, tight_high)

            yield {
                "name": "quantile", "undefined": "bounds-only", "interval": holds, "n": len(values), "variable": id,
                "parameters": {"percent": str(percent)}} | ({"group": level} if level else {})


def table(check, sites, aggregates, statistic):
    if len(statistic["axes"]) != 2:
        return
    name = " x ".join(statistic["axes"])
    levels = [sites[0].variables[id]["levels"] for id in statistic["axes"]]
    full = [(id, [*sites[0].variables[id]["levels"], "missing"]) for id in statistic["axes"]]
    for aggregate in aggregates:
        for cell, where in zip(aggregate["cells"], combinations(full), strict=True):
            if isinstance(cell, dict) and "missing" not in where:
                yield {"name": "chi_squared", "undefined": "withheld", "variable": name}
                return
    count = lambda a, b: sum(
        site.values[statistic["axes"][0]][c] == a and site.values[statistic["axes"][1]][c] == b
        for site in sites for c in site.cohort)
    rows = [[count(a, b) for b in levels[1]] for a in levels[0]]
    test = define.chi_squared(rows)
    if test is None:
        empty = sum(map(sum, rows)) == 0
        yield {"name": "chi_squared", "undefined": "no-cases" if empty else "zero-margin", "variable": name}
        return
    statistic_value, degrees, p, v = test
    parameters = {"df": str(degrees)}
    yield {"name": "chi_squared", "value": statistic_value, "variable": name, "parameters": parameters}
    yield {"name": "chi_squared_p", "value": p, "variable": name, "parameters": parameters, "tolerance": ROUNDED}
    yield {"name": "cramers_v", "value": v, "variable": name}


def roc(check, sites, member):
    cases = [case for site in sites for case in select(site.evaluated, member)]
    scores, labels = [c.score for c in cases], [c.positive for c in cases]
    twice, m, n = define.auroc(scores, labels)
    area = twice / (2 * m * n)
    clustered = check.protocol["evaluation"].get("cluster") == "patient"
    variance = float(
        define.obuchowski(scores, labels, [c.patient for c in cases]) if clustered else define.delong(scores, labels))
    inside = 0 < area < 1 and variance > 0
    yield {"name": "auroc", "value": area, "n": m + n,
           "interval": define.wald_logit(area, variance, LEVEL) if inside else None}
    yield {"name": "auroc_variance", "value": variance, "n": m + n}


def confusion(check, sites, aggregates, point, member):
    resolution = check.protocol["evaluation"]["scoreResolution"]
    threshold = units(point["threshold"], resolution)
    parameters = {"operatingPoint": point["id"], "threshold": aggregates[0]["threshold"]}
    cases = [case for site in sites for case in select(site.evaluated, member)]
    published = lambda *names: not any("withheld" in str(a[name]) for a in aggregates for name in names)
    for name, positive, fields in [
            ("sensitivity", True, ("tp", "fn", "positives")), ("specificity", False, ("tn", "fp", "negatives"))]:
        base = {"name": name, "parameters": parameters}
        groups = hits([c for c in cases if c.positive == positive], threshold)
        if not published(*fields):
            yield {**base, "undefined": "withheld"}
        elif len(groups) < 2:
            yield {**base, "undefined": "too-few-clusters" if groups else "no-cases"}
        else:
            value, _, interval, n = define.proportion([groups], LEVEL)
            yield {**base, "value": value, "interval": interval, "n": n}
    for name, called, fields in [("ppv", True, ("tp", "fp")), ("npv", False, ("tn", "fn"))]:
        base = {"name": name, "parameters": parameters}
        of_call = [c for c in cases if (c.score >= threshold) == called]
        right = sum(c.positive == called for c in of_call)
        if not published(*fields):
            yield {**base, "undefined": "withheld"}
        elif not of_call:
            yield {**base, "undefined": "no-cases"}
        else:
            p = right / len(of_call)
            yield {**base, "value": p, "n": len(of_call),
                   "interval": define.wilson(p, len(of_call), define.z_quantile(LEVEL))}
