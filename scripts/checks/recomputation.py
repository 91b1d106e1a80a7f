"""Compares a results.json with what follows from the sites' own files."""

import json

import definitions as define
import endpoints
import inferences
from cohort import SiteCases, bin_of, combinations, groups_of, hits, is_number, is_withheld, key, metric_key, plan
from cohort import plan_key, select
from site_data import MALFORMED, MISSING, OUT_OF_RANGE, units, usable
from sklearn.metrics import roc_auc_score
from tolerances import EXACT


class Recomputation:
    def __init__(self, results, protocol, sites, ledger):
        self.results, self.protocol, self.sites, self.ledger = results, protocol, sites, ledger
        self.answers = {
            site["site"]: {key(a): a["answer"] for a in site["answers"]} for site in results["sites"]}
        self.released = [s["site"] for s in results["sites"] if s["state"] == "released"]

    def run(self):
        ledger, protocol = self.ledger, self.protocol
        invited = protocol["sites"]["invited"]
        ledger.same("sites", [s["site"] for s in self.results["sites"]], invited)
        study = self.results["study"]
        ledger.same("study.protocolIdentifier", study["protocolIdentifier"], protocol["identifier"])
        ledger.same("study.protocolVersion", study["protocolVersion"], protocol["version"])
        owed = list(plan(protocol))
        for entry in self.results["sites"]:
            where = entry["site"]
            if entry["state"] != "released":
                ledger.same(f"{where}.answers", entry["answers"], [])
                continue
            if where not in self.sites:
                ledger.fail(where, "has a release, and no files were given for it")
                continue
            ledger.same(f"{where}.plan", [key(a) for a in entry["answers"]], [plan_key(n, s) for n, s, _ in owed])
            for name, subgroup, what in owed:
                self.answer(where, plan_key(name, subgroup), what)
            self.metrics(f"{where}.metrics", entry["metrics"], [where], owed, pooled=False)
        self.pooled(owed)
        self.withheld(owed)
        endpoints.check(self)

    # One site's answers

    def answer(self, where, name, what):
        answer = self.answers[where].get(name)
        if answer is None or answer["status"] != "released":
            return
        place = f"{where}/{name}"
        aggregate, site = answer["aggregate"], self.sites[where]
        {"flow": self.flow, "statistic": self.statistic, "roc": self.roc, "steps": self.steps,
         "confusion": self.confusion}[what[0]](place, site, aggregate, *what[1:])

    def least(self, site):
        return max(self.protocol.get("disclosure", {}).get("minimumCell", 10), site.data.minimum)

    def protects(self, place, site, patients):
        """A published number stands for no patient or for enough of them."""
        self.ledger.true(place, patients == 0 or patients >= self.least(site), "stands for too few patients")

    def flow(self, place, site, aggregate):
        boxes = {}
        for case in site.data.cases:
            boxes.setdefault(site.box[case] or ("analysed", None), []).append(case)
        boxes["screened", None] = site.data.cases
        seen = set()
        for box in aggregate["boxes"]:
            name = box["box"], box.get("reason")
            seen.add(name)
            cases = boxes.get(name, [])
            label = f"{place}/{name[0]}" + (f":{name[1]}" if name[1] else "")
            self.ledger.count(label + ".cases", box["cases"], len(cases))
            if self.ledger.count(label + ".patients", box["patients"], site.patients(cases)):
                self.protects(label, site, site.patients(cases))
        self.ledger.true(place, set(boxes) <= seen, f"has no box for {sorted(set(boxes) - seen, key=str)}")
        exact = all(isinstance(box["cases"], int) for box in aggregate["boxes"])
        if exact:
            rest = sum(box["cases"] for box in aggregate["boxes"] if box["box"] != "screened")
            self.ledger.same(place + ".sum", rest, len(site.data.cases))

    def statistic(self, place, site, aggregate, statistic):
        {"summary": self.moments, "histogram": self.histogram, "table": self.table}[statistic["kind"]](
            place, site, aggregate, statistic)

    def outside(self, place, site, group, cases, column, inside):
        for name, kind in [("missing", MISSING), ("malformed", MALFORMED)]:
            of_kind = [c for c in cases if column[c] is kind]
            if self.ledger.count(f"{place}.{name}", group[name], len(of_kind)):
                self.protects(f"{place}.{name}", site, site.patients(of_kind))
        out = [c for c in cases if column[c] is OUT_OF_RANGE or (usable(column[c]) and not inside(column[c]))]
        if self.ledger.count(f"{place}.outOfRange", group["outOfRange"], len(out)):
            self.protects(f"{place}.outOfRange", site, site.patients(out))

    def moments(self, place, site, aggregate, statistic):
        column = site.values[statistic["variable"]]
        self.ledger.same(place + ".resolution", aggregate["resolution"],
                         site.variables[statistic["variable"]]["resolution"])
        groups = groups_of(site, statistic)
        self.ledger.same(place + ".levels", [g.get("level") for g in aggregate["groups"]], [l for l, _ in groups])
        for group, (level, cases) in zip(aggregate["groups"], groups):
            here = f"{place}[{level}]" if level else place
            present = [c for c in cases if usable(column[c])]
            values = [column[c] for c in present]
            self.ledger.count(here + ".n", group["n"], len(values))
            self.ledger.count(here + ".sum", group["sum"], sum(values))
            self.ledger.count(here + ".sumSquares", group["sumSquares"], sum(v * v for v in values))
            self.outside(here, site, group, cases, column, lambda value: True)
            if self.ledger.count(here + ".patients", group["patients"], site.patients(present)):
                self.protects(here, site, site.patients(present))
                enough = site.patients(present) >= 20 or not present
                self.ledger.true(here, enough, "moments of fewer than 20 patients")
                self.ledger.true(here, not present or len(set(values)) > 5, "moments of at most five distinct values")

    def cumulative(self, place, published, values, edges):
        """Checks lower and upper cumulative counts; returns the indices of the edges that are exact."""
        n = len(values)
        counts = [sum(v < edge for v in values) for edge in edges[:-1]] + [n]
        lower, upper = published["lower"], published["upper"]
        if not self.ledger.same(place + ".edges", (len(lower), len(upper)), (len(edges),) * 2):
            return []
        exact = [i for i in range(len(edges)) if lower[i] == upper[i]]
        for i, true in enumerate(counts):
            if i in exact:
                self.ledger.same(f"{place}[{i}]", lower[i], true)
            else:
                before = max(k for k in exact if k < i)
                after = min(k for k in exact if k > i)
                self.ledger.same(f"{place}.lower[{i}]", lower[i], counts[before])
                self.ledger.same(f"{place}.upper[{i}]", upper[i], counts[after])
                self.ledger.true(f"{place}[{i}]", lower[i] <= true <= upper[i], "is outside its bounds")
        return exact

    def histogram(self, place, site, aggregate, statistic):
        variable = site.variables[statistic["variable"]]
        column = site.values[statistic["variable"]]
        edges = [units(edge, variable["resolution"]) for edge in statistic["edges"]]
        self.ledger.same(place + ".edges", [units(e, variable["resolution"]) for e in aggregate["edges"]], edges)
        inside = lambda value: edges[0] <= value <= edges[-1]
        groups = groups_of(site, statistic)
        self.ledger.same(place + ".levels", [g.get("level") for g in aggregate["groups"]], [l for l, _ in groups])
        for group, (level, cases) in zip(aggregate["groups"], groups):
            here = f"{place}[{level}]" if level else place
            present = [c for c in cases if usable(column[c]) and inside(column[c])]
            self.outside(here, site, group, cases, column, inside)
            if not self.ledger.count(here + ".n", group["n"], len(present)):
                continue
            exact = self.cumulative(here, group, [column[c] for c in present], edges)
            for a, b in zip(exact, exact[1:]):
                run = [c for c in present if a <= bin_of(column[c], edges) < b]
                self.protects(f"{here}[{a}..{b}]", site, site.patients(run))

    def table(self, place, site, aggregate, statistic):
        axes = [(id, [*site.variables[id]["levels"], "missing"]) for id in statistic["axes"]]
        self.ledger.same(place + ".axes", [(a["variable"], a["levels"]) for a in aggregate["axes"]], axes)
        for cell, (levels, published) in enumerate(zip(combinations(axes), aggregate["cells"], strict=True)):
            cases = [c for c in site.cohort if all(
                (site.values[id][c] if usable(site.values[id][c]) else "missing") == level
                for (id, _), level in zip(axes, levels))]
            if self.ledger.count(f"{place}[{','.join(levels)}]", published, len(cases)):
                self.protects(f"{place}[{cell}]", site, site.patients(cases))
        for margin in aggregate.get("margins", []):
            kept = [axis for axis in axes if axis[0] in margin["axes"]]
            self.ledger.same(place + ".margin", [id for id, _ in kept], margin["axes"])
            for levels, published in zip(combinations(kept), margin["cells"], strict=True):
                cases = [c for c in site.cohort if all(
                    (site.values[id][c] if usable(site.values[id][c]) else "missing") == level
                    for (id, _), level in zip(kept, levels))]
                where = f"{place}{margin['axes']}[{','.join(levels)}]"
                if self.ledger.count(where, published, len(cases)):
                    self.protects(where, site, site.patients(cases))

    def roc(self, place, site, aggregate, member):
        cases = select(site.evaluated, member)
        scores, labels = [c.score for c in cases], [c.positive for c in cases]
        patients = [c.patient for c in cases]
        twice, m, n = define.auroc(scores, labels)
        positive_patients = len({c.patient for c in cases if c.positive})
        negative_patients = len({c.patient for c in cases if not c.positive})
        self.ledger.count(f"{place}.patients", aggregate["patients"], len(set(patients)))
        for name, value in [("positives", m), ("negatives", n), ("twiceU", twice),
                            ("positivePatients", positive_patients), ("negativePatients", negative_patients)]:
            self.ledger.same(f"{place}.{name}", int(aggregate[name]), value)
        clustered = self.protocol["evaluation"].get("cluster") == "patient"
        self.ledger.same(place + ".varianceMethod", aggregate["varianceMethod"],
                         "obuchowski" if clustered else "delong")
        variance = define.obuchowski(scores, labels, patients) if clustered else define.delong(scores, labels)
        self.ledger.close(place + ".variance", aggregate["variance"], float(variance), EXACT)
        self.ledger.close(place + " (scikit-learn)", int(aggregate["twiceU"]) / (2 * m * n),
                          float(roc_auc_score(labels, scores)), EXACT)
        least = self.least(site)
        self.ledger.true(place, min(positive_patients, negative_patients) >= least, "too few patients of one class")
        tie = max(scores.count(score) for score in set(scores))
        self.ledger.true(place, 2 * tie <= len(scores), "one tie group above half of the cases")

    def score_edges(self):
        evaluation = self.protocol["evaluation"]
        grid, resolution = evaluation["scoreGrid"], evaluation["scoreResolution"]
        one = units("1", resolution)
        # Operating points are cuts of the same staircase, so their thresholds are edges too.
        edges = {0, one} | {units(point["threshold"], resolution) for point in evaluation["operatingPoints"]}
        for i in range(grid["steps"] + 1):
            point = grid["from"] + (grid["to"] - grid["from"]) * i / grid["steps"]
            edges.add(min(one, max(0, units(define.expit(point) if grid["scale"] == "logit" else point, resolution))))
        return sorted(edges)

    def steps(self, place, site, aggregate):
        resolution = self.protocol["evaluation"]["scoreResolution"]
        edges = self.score_edges()
        self.ledger.same(place + ".edges", [units(e, resolution) for e in aggregate["edges"]], edges)
        exact = set(range(len(edges)))
        for name, positive in [("positives", True), ("negatives", False)]:
            values = [c.score for c in site.evaluated if c.positive == positive]
            if not self.ledger.count(f"{place}.{name}.n", aggregate[name]["n"], len(values)):
                return
            exact &= set(self.cumulative(f"{place}.{name}", aggregate[name], values, edges))
        exact = sorted(exact)
        for a, b in zip(exact, exact[1:]):
            run = {c.patient for c in site.evaluated if a <= bin_of(c.score, edges) < b}
            self.ledger.true(f"{place}[{a}..{b}]", len(run) >= self.least(site), "a step of too few patients")

    def confusion(self, place, site, aggregate, point, member):
        resolution = self.protocol["evaluation"]["scoreResolution"]
        threshold = units(point["threshold"], resolution)
        cases = select(site.evaluated, member)
        self.ledger.same(place + ".threshold", units(aggregate["threshold"], resolution), threshold)
        self.ledger.same(place + ".operatingPoint", aggregate["operatingPoint"], point["id"])
        cells = {"tp": (True, True), "fn": (True, False), "fp": (False, True), "tn": (False, False)}
        for name, (positive, called) in cells.items():
            count = sum(c.positive == positive and (c.score >= threshold) == called for c in cases)
            self.ledger.count(f"{place}.{name}", aggregate[name], count)
        for name, positive in [("positives", True), ("negatives", False)]:
            of_class = [c for c in cases if c.positive == positive]
            groups = hits(of_class, threshold)
            self.ledger.true(place, len(groups) >= self.least(site), f"too few patients among the {name}")
            if "withheld" in aggregate[name]:
                continue
            totals = {
                "patients": len(groups), "m2": sum(m * m for m, _ in groups), "h2": sum(h * h for _, h in groups),
                "hm": sum(h * m for m, h in groups)}
            for field, value in totals.items():
                self.ledger.same(f"{place}.{name}.{field}", int(aggregate[name][field]), value)
        for called in (True, False):
            self.protects(place, site, len({c.patient for c in cases if (c.score >= threshold) == called}))

    # What follows from answers, of one site or of several together

    def metrics(self, place, published, sites, owed, pooled):
        found = {}
        for entry in published:
            for metric in entry["metrics"]:
                found[key(entry), metric_key(metric)] = metric
        for name, subgroup, what in owed:
            here = plan_key(name, subgroup)
            given = [s for s in sites if self.answers[s].get(here, {}).get("status") == "released"]
            if not given or (pooled and what[0] == "roc"):
                continue
            for expected in inferences.of(self, here, what, given):
                metric = found.pop((here, metric_key(expected)), None)
                label = f"{place}/{here}/{metric_key(expected)}"
                if metric is None:
                    self.ledger.fail(label, "is not there")
                else:
                    inferences.compare(self.ledger, label, metric, expected)
        for extra in found:
            self.ledger.fail(f"{place}/{extra}", "is not expected")

    def pooled(self, owed):
        self.ledger.same("pooled.plan", [key(p) for p in self.results["pooled"]], [plan_key(n, s) for n, s, _ in owed])
        for entry, (name, subgroup, what) in zip(self.results["pooled"], owed):
            here = plan_key(name, subgroup)
            given = [s for s in self.released if self.answers[s].get(here, {}).get("status") == "released"]
            self.ledger.same(f"pooled/{here}.contributing", entry["contributing"], len(given))
            self.ledger.same(f"pooled/{here}.of", entry["of"], len(self.protocol["sites"]["invited"]))
            if what[0] == "roc" or not given:
                self.ledger.same(f"pooled/{here}.aggregate", entry.get("aggregate"), None)
                continue
            parts = [self.answers[s][here]["aggregate"] for s in given]
            self.added(f"pooled/{here}", entry.get("aggregate"), parts)
        self.metrics("pooled", self.results["pooled"], self.released, owed, pooled=True)

    def added(self, place, whole, parts):
        """Numbers add over sites, a withheld one stays withheld, and everything else is the same at all sites."""
        if isinstance(parts[0], dict) and not any(is_withheld(part) for part in parts):
            if not self.ledger.same(place + ".members", sorted(whole or {}), sorted(parts[0])):
                return
            for name in parts[0]:
                fixed = name in ("edges", "axes", "threshold", "resolution")
                if fixed:
                    self.ledger.same(f"{place}.{name}", whole[name], parts[0][name])
                else:
                    self.added(f"{place}.{name}", whole[name], [part[name] for part in parts])
        elif isinstance(parts[0], list):
            if self.ledger.same(place + ".length", len(whole), len(parts[0])):
                for i, part in enumerate(zip(*parts, strict=True)):
                    self.added(f"{place}[{i}]", whole[i], list(part))
        elif any(is_withheld(part) for part in parts):
            self.ledger.same(place, whole, {"withheld": "cell-protected"})
        elif all(is_number(part) for part in parts):
            self.ledger.same(place, int(whole), sum(int(part) for part in parts))
        else:
            self.ledger.true(place, all(part == whole for part in parts), "differs between sites")

    def withheld(self, owed):
        expected = []
        for site in self.released:
            for name, subgroup, _ in owed:
                answer = self.answers[site].get(plan_key(name, subgroup), {"status": "missing"})
                code = {
                    "not-releasable": "not-releasable", "failed": answer.get("code"), "missing": "missing",
                    "released": "cell-protected" if '"withheld"' in json.dumps(answer) else None}[answer["status"]]
                if code:
                    expected.append((site, plan_key(name, subgroup), code))
        found = [(w["site"], key(w), w["code"]) for w in self.results["withheld"]]
        self.ledger.same("withheld", sorted(found), sorted(expected))


def check(results, protocol, folders, ledger):
    """`folders`: for each site its folder (or a `Site` read before) and the file of predictions or None."""
    sites = {name: SiteCases(name, folder, predictions, protocol) for name, (folder, predictions) in folders.items()}
    Recomputation(results, protocol, sites, ledger).run()
    return sites
