"""A site's own files, read independently of the agent: site.yaml, its CSV tables, its DICOM objects.

A value is an int (units of the resolution, or a level's name as text for a category) or one of MISSING, MALFORMED,
OUT_OF_RANGE.
"""

import csv
import os
import pathlib
import re
from decimal import ROUND_HALF_EVEN, Decimal

import pydicom
import yaml

# What is read of an object beside its variables: everything else, frame by frame, would take most of the time.
UIDS = ["SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID"]
SEQUENCES = ["SegmentSequence", "SharedFunctionalGroupsSequence"]


class Absent:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


MISSING, MALFORMED, OUT_OF_RANGE = Absent("missing"), Absent("malformed"), Absent("outOfRange")
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)


def units(text, resolution):
    """The multiple of the resolution that is nearest to a decimal text, ties to even."""
    return int((Decimal(text) / Decimal(resolution)).to_integral_value(ROUND_HALF_EVEN))


def usable(value):
    return not isinstance(value, Absent)


class SiteVariable:
    def __init__(self, entry):
        self.id, self.kind, self.source = entry["id"], entry["kind"], entry["from"]
        if self.kind == "quantity":
            self.resolution = entry["resolution"]
            self.range = tuple(units(end, self.resolution) for end in entry["range"])
        else:
            self.spellings = {level: level for level in map(str, entry["levels"])}
            self.spellings.update({str(k): str(v) for k, v in (entry.get("map") or {}).items()})

    def read(self, text):
        text = (text or "").strip(" \t")
        if self.kind == "category" and text in self.spellings:
            return self.spellings[text]
        if text.lower() in ("", "na", "n/a", "null"):
            return MISSING
        if self.kind == "category" or not DECIMAL.match(text):
            return MALFORMED
        value = units(text, self.resolution)
        return value if self.range[0] <= value <= self.range[1] else OUT_OF_RANGE


class Site:
    """Cases of a site: `patient[case]`, `values[variable][case]`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.description = yaml.safe_load((self.folder / "site.yaml").read_text(encoding="utf-8"))
        self.minimum = int((self.description.get("policy") or {}).get("minimumCount", 10))
        self.variables = {entry["id"]: SiteVariable(entry) for entry in self.description["variables"]}
        tables = {t["id"]: (t, self._table(t)) for t in self.description["data"]["tables"]}
        case_table = next((t for t, _ in tables.values() if t.get("level", "case") == "case"), None)
        if case_table is None:
            raise SystemExit(f"{folder}: these checks need a table of cases")
        rows = tables[case_table["id"]][1]
        opted_out = self._opt_out()
        self.objects = list(self._objects())
        linked, gone = {}, set()
        for found in self.objects:
            if found["patient"] in opted_out:
                gone.add(found["key"])
            linked.setdefault(found["key"], []).append(found)
        self.patient = {}
        for key, row in rows.items():
            patient = (row[case_table["patient"]] or "").strip(" \t")
            if patient and patient not in opted_out and key not in gone:
                self.patient[key] = patient
        self.cases = sorted(self.patient)
        self.values = {}
        for variable in self.variables.values():
            self.values[variable.id] = {
                case: self._value(variable, case, tables, linked) for case in self.cases}

    def _value(self, variable, case, tables, linked):
        source = variable.source
        if "dicom" in source:
            found = {
                variable.read(o["values"].get(source["dicom"])) for o in linked.get(case, [])
                if o["patient"] == self.patient[case]} - {MISSING}
            return MALFORMED if len(found) > 1 else (found.pop() if found else MISSING)
        table, rows = tables[source["table"]]
        row = rows.get(self.patient[case] if table.get("level") == "patient" else case)
        return variable.read(row[source["column"]]) if row else MISSING

    def _table(self, table):
        with open(self.folder / table["file"], encoding="utf-8-sig", newline="") as file:
            return {row[table["key"]].strip(" \t"): row for row in csv.DictReader(file)}

    def _opt_out(self):
        path = self.folder / (self.description.get("optOut") or "")
        if not path.is_file():
            return set()
        return {line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}

    def _objects(self):
        wanted = sorted({v.source["dicom"] for v in self.variables.values() if "dicom" in v.source})
        for source in self.description["data"].get("dicom") or []:
            for folder, _, names in os.walk(self.folder / source["folder"]):
                for name in names:
                    path = pathlib.Path(folder, name)
                    try:
                        tags = [*UIDS, *SEQUENCES, "PatientID", source["key"], *wanted]
                        dataset = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=tags)
                    except (pydicom.errors.InvalidDicomError, OSError, EOFError):
                        continue
                    yield {
                        "path": path.relative_to(self.folder),
                        "key": _text(dataset, source["key"]),
                        "patient": _text(dataset, "PatientID"),
                        "values": {keyword: _text(dataset, keyword) for keyword in wanted},
                        "uids": {str(e.value) for e in dataset.iterall() if e.VR == "UI" and e.value},
                    }


def _text(dataset, keyword):
    """The attribute at the top level, or the first one in a sequence, depth first."""
    if keyword in dataset and dataset[keyword].value not in (None, ""):
        return _plain(dataset[keyword].value)
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                text = _text(item, keyword)
                if text is not None:
                    return text
    return None


def _plain(value):
    if isinstance(value, str | pydicom.uid.UID):
        return str(value).strip(" \0")
    if isinstance(value, pydicom.multival.MultiValue | list | tuple):
        return "\\".join(_plain(part) for part in value)
    return getattr(value, "original_string", None) or str(value)
