#!/usr/bin/env python3
"""A cohort study at the 67 hospitals of TCGA through `concordat-agent index` and `preview`: what leaves, what is left
of the total, and what an attacker makes of it.

usage: tcga_report.py --sites DIR --output DIR (--agent PROGRAM | --previews DIR)

Checks, each with a control that must fail on a naive gate or a naive pool:
  small      no released number stands for 1 to t-1 patients
  few        of a site with 1 to t-1 patients no release tells anything that all of them have in common
  recovery   at no site is a count that was asked for and withheld bounded more narrowly than t
  subtract   pooled answers minus a site's own table: about all the others it learns 0, t or more, or an interval of at
             least t, for every count that was asked for
  form       every answer fits the schema and names no patient

Exit code: 0 all good, 1 not, 2 usage.
"""

import argparse
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import time

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROTOCOL = ROOT / "protocols" / "tcga-cohort.json"

from site_data import SiteVariable  # noqa: E402
from tcga_attack import OUTSIDE, Published, Space  # noqa: E402


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Hospital:
    """One site: its true counts from its own table, and what its agent would release."""

    def __init__(self, folder, space):
        self.folder, self.name = folder, folder.name
        description = yaml.safe_load((folder / "site.yaml").read_text(encoding="utf-8"))
        self.minimum = description["policy"]["minimumCount"]
        variables = {entry["id"]: SiteVariable(entry) for entry in description["variables"]}
        self.truth = [0] * len(space.cells)
        self.keys = []
        with open(folder / "patients.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.keys.append(row["patient"])
                values = {axis: variables[axis].read(row[variables[axis].source["column"]]) for axis in space.axes}
                self.truth[space.index[tuple(space.level(axis, values[axis]) for axis in space.axes)]] += 1
        self.patients = len(self.keys)

    def count(self, cells):
        return sum(self.truth[cell] for cell in cells)

    def preview(self, agent, state):
        shutil.rmtree(state, ignore_errors=True)
        run(agent, "index", "--state", state, "--site", self.folder / "site.yaml", "--format", "json")
        return json.loads(run(agent, "preview", PROTOCOL, "--state", state, "--format", "json"))


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def released_numbers(answers):
    """Every number of cases or patients that a release holds, or that two neighbouring numbers of a histogram give."""
    for record in answers:
        if record["answer"]["status"] != "released":
            continue
        aggregate = record["answer"]["aggregate"]
        if aggregate["kind"] == "flow":
            yield from (box[unit] for box in aggregate["boxes"] for unit in ("cases", "patients"))
        elif aggregate["kind"] == "table":
            yield from aggregate["cells"]
            for margin in aggregate.get("margins", []):
                yield from margin["cells"]
        elif aggregate["kind"] == "histogram":
            for group in aggregate["groups"]:
                yield from (group[part] for part in ("n", *OUTSIDE))
                if isinstance(group["n"], int):
                    exact = [low for low, high in zip(group["lower"], group["upper"]) if low == high]
                    yield from (after - before for before, after in zip(exact, exact[1:]))


def naive_gate(space, count, minimum):
    """A gate that withholds small counts and nothing else."""
    published = Published(space)
    for key, cells in space.asked.items():
        published.count(key, None if 0 < count(cells) < minimum else count(cells))
    return published


def pool(space, parts):
    """What the coordinator publishes: exact where every site that answered is exact, else the sum of the bounds that
    the sites' releases give. `parts` are the intervals of the sites, by count."""
    pooled = Published(space)
    for key, cells in space.asked.items():
        low = sum(part[key][0] for part in parts)
        high = sum(part[key][1] for part in parts)
        if low == high:
            pooled.count(key, low)
        else:
            pooled.say(cells, low, high)
    return pooled


class Report:
    def __init__(self, hospitals, previews, protocol, space):
        self.hospitals, self.previews, self.space = hospitals, previews, space
        self.protocol, self.asked = protocol, space.asked
        self.minimum = max(protocol["disclosure"]["minimumCell"], *(h.minimum for h in hospitals))
        self.checks = {}
        self.published = {h.name: Published.of(space, previews[h.name]["answers"]) for h in hospitals}
        started = time.monotonic()
        self.intervals = {h.name: self.known(self.published[h.name]) for h in hospitals}
        self.seconds = time.monotonic() - started

    def known(self, published):
        """The interval of every count that is asked for, by its name."""
        found = published.intervals(list(self.asked.values()))
        return {key: found[cells] for key, cells in self.asked.items()}

    def unsafe(self, intervals, published):
        """What is known within less than t and was not published: a count that was withheld, or one that follows."""
        regions = {self.asked[key] for key in published.exact}
        return [
            key for key, (low, high) in intervals.items()
            if high - low < self.minimum and self.asked[key] not in regions
            # What follows from published numbers as 0, or as t or more, and was not withheld, is as good as published.
            and (key in published.withheld or not self.harmless((low, high)))]

    def common(self, hospital, published):
        """What is known of every patient of a hospital."""
        return [
            f"{hospital.name}: all {axis}={level}" for axis, level in published.told(self.space.cells_of()).items()]

    def told_of_groups(self, hospital):
        """Groups of 1 to t-1 patients of a larger hospital with one thing in common that published zeros tell, and that
        not all patients have in common: (group, axis). Rule 2 lets zeros out; this says what that costs."""
        published = self.published[hospital.name]
        everyone = published.told(self.space.cells_of())
        found = []
        for axis, levels in self.space.levels.items():
            for level in levels:
                region = self.space.cells_of(**{axis: level})
                if 0 < hospital.count(region) < self.minimum:
                    found += [
                        f"{hospital.name}: {axis}={level} all {other}={value}"
                        for other, value in published.told(region).items() if other != axis and other not in everyone]
        return found

    def harmless(self, interval):
        low, high = interval
        return low == high and (low == 0 or low >= self.minimum)

    @property
    def counted(self):
        """The sites in the pool: those that say how many patients they have. Of the others there is no upper bound."""
        return [h for h in self.hospitals if ("flow", "analysed") in self.published[h.name].exact]

    # MARK: Checks

    def check(self, name, failures, control):
        self.checks[name] = {"failures": len(failures), "first": failures[:5], "naive": control}

    def run_checks(self):
        small = [
            f"{h.name}: {n}" for h in self.hospitals
            for n in released_numbers(self.previews[h.name]["answers"])
            if isinstance(n, int) and 0 < n < self.minimum]
        naive = sum(0 < h.count(cells) < self.minimum for h in self.hospitals for cells in self.asked.values())
        self.check("small", small, naive)

        small_sites = [h for h in self.hospitals if h.patients < self.minimum]
        told = [fact for h in small_sites for fact in self.common(h, self.published[h.name])]
        naive = sum(len(self.common(h, naive_gate(self.space, h.count, self.minimum))) for h in small_sites)
        self.check("few", told, naive)

        recovered, wrong, naive = [], [], 0
        for hospital in self.hospitals:
            intervals, published = self.intervals[hospital.name], self.published[hospital.name]
            recovered += [f"{hospital.name}: {key} {intervals[key]}" for key in self.unsafe(intervals, published)]
            # The attack is only worth something when the truth fits what is published.
            wrong += [
                f"{hospital.name}: {key}" for key, (low, high) in intervals.items()
                if not low <= hospital.count(self.asked[key]) <= high]
        for hospital in self.hospitals:
            published = naive_gate(self.space, hospital.count, self.minimum)
            naive += len(self.unsafe(self.known(published), published))
        self.check("recovery", recovered, naive)
        self.check("truth", wrong, None)
        self.check_subtraction()
        self.check_form()

    def check_subtraction(self):
        answered = self.counted
        pooled = pool(self.space, [self.intervals[h.name] for h in answered])
        raw = Published(self.space)
        for key, cells in self.asked.items():
            raw.count(key, sum(h.count(cells) for h in self.hospitals))
        failures, naive = [], 0
        # To those who are not in the pool it looks alike: one stands for all.
        bystanders = [h for h in self.hospitals if h not in answered]
        for hospital in [*answered, *bystanders[:1]]:
            takes_part = hospital in answered
            others = pooled.minus(hospital.truth if takes_part else [0] * len(self.space.cells))
            failures += [
                f"{hospital.name}: {key} {value}" for key, value in others.exact.items() if not self.harmless((value, value))]
            intervals = self.known(others)
            failures += [f"{hospital.name}: {key} {intervals[key]}" for key in self.unsafe(intervals, others)]
            # Who sees every release, not the pooled table alone, adds up the others' own bounds.
            for key in self.asked:
                parts = [self.intervals[h.name][key] for h in answered if h is not hospital]
                low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
                if high - low < self.minimum and not self.harmless((low, high)):
                    failures.append(f"{hospital.name}: {key} {low, high} from releases")
        for hospital in self.hospitals:
            naive += sum(not self.harmless((v, v)) for v in raw.minus(hospital.truth).exact.values())
        self.check("subtract", failures, naive)

    def check_form(self):
        schema = load(ROOT / "protocols" / "schema" / "release.schema.json")
        validator = jsonschema.Draft202012Validator({"$defs": schema["$defs"], "$ref": "#/$defs/answer"})
        failures = []
        for hospital in self.hospitals:
            for record in self.previews[hospital.name]["answers"]:
                failures += [f"{hospital.name}: {record['name']} {e.message[:200]}" for e in validator.iter_errors(record["answer"])]
            text = json.dumps(self.previews[hospital.name]["answers"])
            failures += [f"{hospital.name}: {key}" for key in hospital.keys if key in text]
        self.check("form", failures, None)

    # MARK: Figures

    def inner(self, statistic):
        """The finest counts of a statistic: together they are all cases, each once."""
        axes = statistic.get("axes")
        return [
            key for key in self.asked if key[0] == statistic["id"]
            and (key[1].count("=") == len(axes) if axes else key[1].split()[-1] != "n")]

    def figures(self, statistic):
        keys = self.inner(statistic)
        total = sum(h.patients for h in self.hospitals)
        answered = [
            h for h in self.hospitals
            if any(r["name"] == statistic["id"] and r["answer"]["status"] == "released"
                   for r in self.previews[h.name]["answers"])]
        taking_part = self.counted
        exact = sum(self.published[h.name].exact.get(key, 0) for h in answered for key in keys)
        joined = sum(self.joined(statistic, h) for h in answered)
        low = {key: sum(self.intervals[h.name][key][0] for h in taking_part) for key in keys}
        high = {key: sum(self.intervals[h.name][key][1] for h in taking_part) for key in keys}
        true = {key: sum(h.count(self.asked[key]) for h in taking_part) for key in keys}
        withheld = sum(
            key not in self.published[h.name].exact for h in answered for key in keys)
        return {
            "statistic": statistic["id"], "total": total, "sitesAnswering": len(answered),
            "patientsOfSitesAnswering": sum(h.patients for h in answered),
            "exact": exact, "exactOrInMergedBins": joined,
            "exactAtEverySiteAnswering": sum(
                self.published[h.name].exact[key] for key in keys for h in answered
                if all(key in self.published[other.name].exact for other in answered)),
            "lowerBounds": sum(low.values()), "cells": len(keys) * len(answered), "cellsWithheld": withheld,
            "pooledCells": len(keys), "pooledExact": sum(low[k] == high[k] for k in keys),
            "widestPooled": max(((high[k] - low[k]), k[1]) for k in keys),
            "pooled": {k[1]: [low[k], true[k], high[k]] for k in keys},
        }

    def joined(self, statistic, hospital):
        """Patients that stand in some exact number of the statistic's finest counts, or of bins that were merged."""
        exact = self.published[hospital.name].exact
        if "axes" in statistic:
            return sum(exact.get(key, 0) for key in self.inner(statistic))
        return sum(
            value for (id, name), value in exact.items()
            if id == statistic["id"] and name.split()[-1] in ("n", *OUTSIDE))

    def margins(self):
        """What is left of each variable on its own, and of the cohort: from any answer, as bounds at the sites."""
        rows = []
        for axis in [*self.space.axes, None]:
            seen = {}
            for key, cells in self.asked.items():
                for level in self.space.levels[axis] if axis else ["all"]:
                    if cells == (self.space.cells_of(**{axis: level}) if axis else self.space.cells_of()):
                        seen[level] = key
            low = sum(self.intervals[h.name][key][0] for h in self.hospitals for key in seen.values())
            narrow = [self.intervals[h.name][key] for h in self.counted for key in seen.values()]
            exact = sum(
                self.intervals[h.name][key][0] for h in self.hospitals for key in seen.values()
                if self.intervals[h.name][key][0] == self.intervals[h.name][key][1])
            rows.append({
                "variable": axis or "patients", "exact": exact, "lowerBounds": low,
                "pooledWidth": sum(high - low for low, high in narrow) / len(seen)})
        return rows

    def document(self):
        sites = [
            {"site": h.name, "patients": h.patients, "counts": len(self.published[h.name].exact),
             "answers": [r["name"] for r in self.previews[h.name]["answers"] if r["answer"]["status"] == "released"]}
            for h in self.hospitals]
        numbers = [
            n for h in self.hospitals for n in released_numbers(self.previews[h.name]["answers"])
            if isinstance(n, int) and n > 0]
        total = sum(h.patients for h in self.hospitals)
        large = [h for h in self.hospitals if h.patients >= self.minimum]
        return {
            "minimum": self.minimum, "sites": len(self.hospitals), "patients": total,
            "sitesOfAtLeastMinimum": len(large), "patientsOfThose": sum(h.patients for h in large),
            "sitesInPool": len(self.counted),
            "groupsTold": [f for h in large for f in self.told_of_groups(h)],
            "sitesReleasing": sum(bool(s["answers"]) for s in sites),
            "smallestReleased": min(numbers, default=None), "releasedNumbers": len(numbers),
            "statistics": [self.figures(s) for s in self.protocol["statistics"]],
            "variables": self.margins(), "checks": self.checks, "bySite": sites,
            "attackSeconds": round(self.seconds, 1),
        }


def passes(check):
    """An attack that does not succeed against the naive gate either has shown nothing."""
    return check["failures"] == 0 and check["naive"] != 0


def text(document):
    total = document["patients"]
    yield f"{document['sites']} sites, {total} patients; t = {document['minimum']}"
    yield (
        f"{document['sitesOfAtLeastMinimum']} sites have t patients or more ({document['patientsOfThose']} patients); "
        f"{document['sitesReleasing']} sites release something, {document['sitesInPool']} how many patients they have; "
        f"the smallest number released, but for 0, is {document['smallestReleased']}")
    yield ""
    yield f"{'statistic':26}{'sites':>6}{'exact':>14}{'merged bins':>14}{'lower bounds':>14}{'at all sites':>14}{'withheld cells':>17}"
    for row in document["statistics"]:
        shares = [f"{row[k]} {row[k] / total:4.0%}" for k in ("exact", "exactOrInMergedBins", "lowerBounds", "exactAtEverySiteAnswering")]
        yield (
            f"{row['statistic']:26}{row['sitesAnswering']:>6}" + "".join(f"{s:>14}" for s in shares)
            + f"{row['cellsWithheld']:>9} of {row['cells']}")
    yield ""
    yield f"{'each variable on its own':26}{'exact':>20}{'lower bounds':>14}"
    for row in document["variables"]:
        shares = [f"{row[k]} {row[k] / total:4.0%}" for k in ("exact", "lowerBounds")]
        yield f"{row['variable']:26}{shares[0]:>20}{shares[1]:>14}"
    yield ""
    yield f"groups of 1 to t-1 patients of whom zeros tell something in common: {len(document['groupsTold'])}"
    for name, check in document["checks"].items():
        control = "" if check["naive"] is None else f"; a naive gate or pool fails it {check['naive']} times"
        yield f"{'ok ' if passes(check) else 'BAD'} {name}: {check['failures']} failures{control}"
        for failure in check["first"]:
            yield f"      {failure}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sites", type=pathlib.Path, required=True, help="the prepared folders")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="where previews and the report go")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--agent", type=pathlib.Path, help="concordat-agent, to index and preview every site")
    source.add_argument("--previews", type=pathlib.Path, help="previews made before: <site>.json")
    arguments = parser.parse_args()

    protocol = load(PROTOCOL)
    space = Space(protocol)
    folders = [arguments.sites / name for name in protocol["sites"]["invited"]]
    hospitals = [Hospital(folder, space) for folder in folders]
    previews = {}
    if arguments.agent:
        kept = arguments.output / "previews"
        kept.mkdir(parents=True, exist_ok=True)
        for hospital in hospitals:
            previews[hospital.name] = hospital.preview(arguments.agent, arguments.output / "state" / hospital.name)
            (kept / f"{hospital.name}.json").write_text(json.dumps(previews[hospital.name], indent=1) + "\n")
    else:
        previews = {h.name: load(arguments.previews / f"{h.name}.json") for h in hospitals}

    report = Report(hospitals, previews, protocol, space)
    report.run_checks()
    document = report.document()
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "report.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    lines = "\n".join(text(document))
    (arguments.output / "report.txt").write_text(lines + "\n", encoding="utf-8")
    print(lines)
    sys.exit(not all(passes(check) for check in document["checks"].values()))


if __name__ == "__main__":
    main()
