"""A study at one site: the cohort, the evaluated cases and the answers owed, from the site's own files."""

import csv
import json

import definitions as define
from site_data import OUT_OF_RANGE, Site, units, usable


class Evaluated:
    """One case with its score, worst case where it failed and the protocol says so."""

    def __init__(self, patient, positive, score, values):
        self.patient, self.positive, self.score, self.values = patient, positive, score, values


class SiteCases:
    """One site's cohort under a protocol."""

    def __init__(self, name, folder, predictions, protocol):
        self.name, self.protocol = name, protocol
        self.data = folder if isinstance(folder, Site) else Site(folder)
        self.variables = {v["id"]: v for v in protocol["variables"]}
        self.values = {
            id: {case: self._in_protocol(variable, value) for case, value in self.data.values[id].items()}
            for id, variable in self.variables.items()}
        self.patient = self.data.patient
        self.box = {case: self._exclusion(case) for case in self.data.cases}
        standard = protocol.get("referenceStandard")
        if standard:
            for case, box in self.box.items():
                if box is None and not usable(self.values[standard["variable"]][case]):
                    self.box[case] = ("missing-reference", None)
        self.cohort = [case for case in self.data.cases if self.box[case] is None]
        self.evaluated = self._evaluate(predictions, standard) if protocol.get("evaluation") else []

    def _in_protocol(self, variable, value):
        if variable["kind"] == "quantity" and usable(value):
            low, high = (units(end, variable["resolution"]) for end in variable["range"])
            return value if low <= value <= high else OUT_OF_RANGE
        return value

    def _exclusion(self, case):
        cohort = self.protocol["cohort"]
        for criterion, unwanted in [(c, False) for c in cohort.get("include", [])] + [
                (c, True) for c in cohort.get("exclude", [])]:
            if self._holds(criterion, self.values[criterion["variable"]][case]) == unwanted:
                return "excluded", criterion["reason"]
        return None

    def _holds(self, criterion, value):
        if "missing" in criterion:
            return (not usable(value)) == criterion["missing"]
        if not usable(value):
            return False
        variable = self.variables[criterion["variable"]]
        read = (lambda text: units(text, variable["resolution"])) if variable["kind"] == "quantity" else str
        if "atLeast" in criterion:
            return value >= read(criterion["atLeast"])
        if "atMost" in criterion:
            return value <= read(criterion["atMost"])
        if "equals" in criterion:
            return value == read(criterion["equals"])
        return value in [read(text) for text in criterion["oneOf"]]

    def _evaluate(self, predictions, standard):
        evaluation = self.protocol["evaluation"]
        resolution = evaluation["scoreResolution"]
        one = units("1", resolution)
        with open(predictions, encoding="utf-8", newline="") as file:
            rows = {row["case"]: row for row in csv.DictReader(file)}
        if sorted(rows) != sorted(self.cohort):
            raise SystemExit(f"{self.name}: the predictions are not of the cohort's cases")
        result = []
        for case in self.cohort:
            row = rows[case]
            positive = self.values[standard["variable"]][case] == standard["positive"]
            if row["patient"] != self.patient[case] or row["reference"] != str(int(positive)):
                raise SystemExit(f"{self.name}: a prediction's patient or reference is not that of the tables")
            if row["score"]:
                score = units(row["score"], resolution)
                if not 0 <= score <= one:
                    raise SystemExit(f"{self.name}: a score outside 0 to 1")
            else:
                status = row["status"]
                self.box[case] = ("failed", status if status.startswith("input-") else "model-failed")
                if evaluation["missing"]["modelFailed"] == "exclude":
                    continue
                score = 0 if positive else one
            values = {id: column[case] for id, column in self.values.items()}
            result.append(Evaluated((self.name, self.patient[case]), positive, score, values))
        return result

    def patients(self, cases):
        return len({self.patient[case] for case in cases})


def plan(protocol):
    """The answers that a site owes, in order: (name, subgroup or None, what)."""
    yield "flow", None, ("flow",)
    for statistic in protocol.get("statistics", []):
        yield statistic["id"], None, ("statistic", statistic)
    evaluation = protocol.get("evaluation")
    if not evaluation:
        return
    yield "roc", None, ("roc", None)
    yield "score-steps", None, ("steps",)
    for point in evaluation["operatingPoints"]:
        yield "confusion:" + point["id"], None, ("confusion", point, None)
    variables = {v["id"]: v for v in protocol["variables"]}
    for group in evaluation.get("subgroups", []):
        variable = variables[group["variable"]]
        for level, holds in parts(variable, group.get("edges")):
            subgroup = {"variable": variable["id"], "level": level}
            member = lambda case, holds=holds, id=variable["id"]: holds(case.values[id])
            yield "roc", subgroup, ("roc", member)
            for point in evaluation["operatingPoints"]:
                yield "confusion:" + point["id"], subgroup, ("confusion", point, member)


def parts(variable, edges):
    if variable["kind"] == "category":
        for level in variable["levels"]:
            yield level, lambda value, level=level: value == level
        return
    for index, (low, high) in enumerate(zip(edges, edges[1:])):
        last = index == len(edges) - 2
        a, b = units(low, variable["resolution"]), units(high, variable["resolution"])
        yield f"[{low},{high}" + ("]" if last else ")"), (
            lambda value, a=a, b=b, last=last: usable(value) and (a <= value < b or (last and value == b)))


def groups_of(site, statistic):
    """Cases of the cohort by level of the grouping; cases without a level are the group `missing`."""
    by = statistic.get("by")
    if by is None:
        return [(None, site.cohort)]
    column = site.values[by]
    levels = site.variables[by]["levels"]
    return [(level, [c for c in site.cohort if column[c] == level]) for level in levels] + [
        ("missing", [c for c in site.cohort if not usable(column[c])])]


def bin_of(value, edges):
    if not edges[0] <= value <= edges[-1]:
        return None
    return min(sum(1 for edge in edges if edge <= value) - 1, len(edges) - 2)


def select(cases, member):
    return cases if member is None else [case for case in cases if member(case)]


def key(entry):
    return plan_key(entry["name"], entry.get("subgroup"))


def plan_key(name, subgroup):
    return name + (f"[{subgroup['variable']}={subgroup['level']}]" if subgroup else "")


def metric_key(metric):
    return json.dumps([metric["name"], metric.get("variable"), metric.get("group"), metric.get("parameters")],
                      sort_keys=True)


def is_withheld(value):
    return isinstance(value, dict) and "withheld" in value


def is_number(value):
    return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdigit() and len(value) > 15)


def combinations(axes):
    if not axes:
        return [()]
    return [(level, *rest) for level in axes[0][1] for rest in combinations(axes[1:])]


def hits(cases, threshold):
    """Patients' (cases, correct calls) of one class."""
    return define.clusters([(c.score >= threshold) == c.positive for c in cases], [c.patient for c in cases])
