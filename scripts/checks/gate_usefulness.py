#!/usr/bin/env python3
"""What the release gate leaves of the validation protocol at sites of several sizes.

usage: gate_usefulness.py --agent PROGRAM --demo DIR [--sites .cache/lidc] [--draws N] [--output FILE]

DIR is the output of `scripts/demo`: the model's scores are read from there. Sites are drawn from the patients of the
demo's three evaluated sites, patient by patient, until so many are analysed (above their number with replacement, under
new names), each is indexed by the agent, and `concordat-agent preview` says what would leave. Prints a table; FILE gets
the same as JSON.
"""

import argparse
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROTOCOL = ROOT / "protocols" / "lidc-malignancy-external-validation.json"
SITES = ("siemens", "philips", "toshiba")
SIZES = (20, 30, 40, 54, 61, 80, 100, 140, 200, 500)
COLUMNS = (
    ("auroc", "AUROC"), ("confusion", "sens., spec."), ("clusters", "their intervals"), ("steps", "score steps"),
    ("width", "bounds' width"), ("bins", "diameter bins"), ("summary", "summary"), ("table", "table"),
    ("flow", "flow"), ("subgroups", "subgroups"), ("numbers", "numbers"))


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Source:
    """All patients of the demo's sites, with their rows and scores."""

    def __init__(self, sites, demo):
        self.patients, self.rows, self.scores = {}, {}, {}
        self.description = yaml.safe_load((sites / SITES[0] / "site.yaml").read_text(encoding="utf-8"))
        for site in SITES:
            opted_out = {line.split("#")[0].strip() for line in (sites / site / "opt-out.txt").read_text().splitlines()}
            own = {}
            for row in read(sites / site / "nodules.csv"):
                # One patient of LIDC-IDRI may be in the files of two sites.
                if row["patient"] not in opted_out:
                    own.setdefault((site, row["patient"]), []).append(row)
            files = sorted((demo / "state" / site / "agent" / "predictions").glob("*.csv"))
            if not files:
                raise SystemExit(f"{demo}: no predictions of {site}; run scripts/demo --output {demo} first")
            for row in read(files[-1]):
                self.scores[row["case"]] = row["score"]
            self.patients[site] = list(own)
            self.rows |= own

    def is_analysed(self, patient):
        return any(row["nodule"] in self.scores for row in self.rows[patient])

    def draw(self, size, generator):
        """Patients in random order until so many are analysed."""
        everyone = [p for site in SITES for p in self.patients[site]]
        if size > sum(map(self.is_analysed, everyone)):
            drawn = iter(lambda: generator.choice(everyone), None)
        else:
            drawn = iter(generator.sample(everyone, len(everyone)))
        patients = []
        while sum(map(self.is_analysed, patients)) < size:
            patients.append(next(drawn))
        return patients

    def write(self, folder, patients):
        """A site folder and a file of scores; everything is read from the table, nothing from images."""
        fields = [*next(iter(self.rows.values()))[0]]
        rows, scores = [], []
        for number, patient in enumerate(patients):
            for row in self.rows[patient]:
                case = f"{number}-{row['nodule']}"
                rows.append({**row, "nodule": case, "patient": f"{number}-{patient[1]}"})
                if row["nodule"] in self.scores:
                    scores.append((case, self.scores[row["nodule"]]))
        with open(folder / "nodules.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
        with open(folder / "scores.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("case", "score"), *scores])
        description = json.loads(json.dumps(self.description))
        description["data"].pop("dicom")
        description.pop("optOut")
        description["policy"].pop("trustedSponsors")
        for variable in description["variables"]:
            if variable["id"] == "sliceThickness":
                variable["from"] = {"table": "nodules", "column": "slice_thickness_mm"}
        (folder / "site.yaml").write_text(yaml.safe_dump(description), encoding="utf-8")


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def preview(agent, source, patients):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source.write(folder, patients)
        run(agent, "index", "--state", folder / "state", "--site", folder / "site.yaml")
        output = run(
            agent, "preview", PROTOCOL, "--state", folder / "state", "--predictions", folder / "scores.csv",
            "--format", "json")
    return json.loads(output)


def exact(lower, upper):
    return [edge for edge, (low, high) in enumerate(zip(lower, upper)) if low == high]


def figures(document):
    """What of each kind is left, as numbers; None where it was withheld."""
    answers = {}
    for record in document["answers"]:
        if record["answer"]["status"] == "released":
            answers[record["name"], json.dumps(record.get("subgroup"))] = record["answer"]["aggregate"]
    whole = {name: aggregate for (name, part), aggregate in answers.items() if part == "null"}
    planned = [r for r in document["answers"] if r.get("subgroup") is not None]
    left = {
        "auroc": 1.0 if "roc" in whole else 0.0,
        "confusion": 1.0 if "confusion:pre-specified" in whole else 0.0,
        "summary": 1.0 if "diameter-by-reference" in whole else 0.0,
        "subgroups": sum(part != "null" for _, part in answers) / len(planned),
        "steps": 0, "bins": 0.0, "width": 1.0, "table": 0.0, "flow": 0.0, "clusters": 0.0,
        "numbers": document["local"]["numbers"],
    }
    if confusion := whole.get("confusion:pre-specified"):
        left["clusters"] = sum(isinstance(confusion.get(c), dict) and "m2" in confusion[c]
                               for c in ("positives", "negatives")) / 2
    if steps := whole.get("score-steps"):
        classes = [steps["positives"], steps["negatives"]]
        cuts = sorted(set.intersection(*(set(exact(c["lower"], c["upper"])) for c in classes)))
        left["steps"] = len(cuts) - 1
        parts = [[c["lower"][b] - c["lower"][a] for a, b in zip(cuts, cuts[1:])] for c in classes]
        left["width"] = sum(p * n for p, n in zip(*parts)) / (sum(parts[0]) * sum(parts[1]))
    if histogram := whole.get("diameter"):
        groups = [g for g in histogram["groups"] if g["level"] != "missing"]
        shown = [len(exact(g["lower"], g["upper"])) - 1 if isinstance(g["n"], int) else 0 for g in groups]
        left["bins"] = sum(shown) / len(shown)
    if table := whole.get("manufacturer-by-reference"):
        left["table"] = sum(isinstance(cell, int) for cell in table["cells"]) / len(table["cells"])
    if flow := whole.get("flow"):
        boxes = flow["boxes"]
        left["flow"] = sum(isinstance(box["cases"], int) for box in boxes) / len(boxes)
    return left


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--agent", required=True, type=pathlib.Path)
    parser.add_argument("--demo", required=True, type=pathlib.Path)
    parser.add_argument("--sites", default=ROOT / ".cache" / "lidc", type=pathlib.Path)
    parser.add_argument("--draws", default=10, type=int)
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    source = Source(arguments.sites, arguments.demo)
    rows = []
    for site in SITES:
        patients = source.patients[site]
        found = figures(preview(arguments.agent, source, patients))
        rows.append({"site": site, "patients": sum(map(source.is_analysed, patients)), "draws": 1, **found})
        show(rows[-1], len(rows) == 1)
    for size in SIZES:
        found = []
        for draw in range(arguments.draws):
            patients = source.draw(size, random.Random(f"{size} {draw}"))
            found.append(figures(preview(arguments.agent, source, patients)))
        means = {key: sum(f[key] for f in found) / len(found) for key in found[0]}
        means["fewestSteps"] = min(f["steps"] for f in found)
        rows.append({"site": "drawn", "patients": size, "draws": len(found), **means})
        show(rows[-1], False)
    if arguments.output:
        arguments.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def show(row, has_heading):
    if has_heading:
        print("| site | patients | " + " | ".join(title for _, title in COLUMNS) + " |")
        print("|---|---|" + "---|" * len(COLUMNS))
    shares = {"auroc", "confusion", "clusters", "summary", "table", "flow", "subgroups"}
    cells = [f"{100 * row[key]:.0f} %" if key in shares else f"{row[key]:.2f}" if key == "width"
             else f"{row[key]:.1f}" if key in ("steps", "bins") else f"{row[key]:.0f}" for key, _ in COLUMNS]
    print(f"| {row['site']} | {row['patients']} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
