#!/usr/bin/env python3
"""Prepares the 67 hospitals of TCGA that have radiology in the NCI Imaging Data Commons: per site a table and site.yaml.

  OUTPUT/<site>/patients.csv   one row a patient
  OUTPUT/<site>/site.yaml      the same variables and the same policy everywhere

Everything comes from the index in the installed wheel of idc-index-data; no image is fetched. How a patient's row is
made, and what the data may be used for, is written in sites/tcga/DATA.md. The same input gives the same bytes.
"""

import argparse
import csv
import importlib.metadata
import importlib.resources
import json
import re
from collections import Counter
from pathlib import Path

import duckdb

INDEX_VERSION = "25.0.5"
KNOWN_SITES, KNOWN_PATIENTS, KNOWN_SERIES = 67, 1154, 11729

# In the order in which a tie between modalities is decided.
MODALITIES = ("CT", "MR", "PT", "MG", "NM", "CR", "DX")
COLUMNS = ("patient", "collection", "age", "sex", "modality", "manufacturer", "study_year", "series")

MODALITY_LEVELS = ("CT", "MR", "PT", "other")
MODALITY_SPELLINGS = {"MG": "other", "NM": "other", "CR": "other", "DX": "other"}
MANUFACTURER_LEVELS = ("GE", "Siemens", "Philips", "Toshiba", "other")
MANUFACTURER_SPELLINGS = {
    "GE MEDICAL SYSTEMS": "GE",
    "GE MEDICAL SYSTEMS / MIMvista": "GE",
    "GE_MEDICAL_SYSTEMS": "GE",
    '"GE Healthcare"': "GE",
    "SIEMENS": "Siemens",
    "SIEMENS NM": "Siemens",
    "Philips Medical Systems": "Philips",
    "Philips Healthcare": "Philips",
    "PNMS": "Philips",
    "TOSHIBA": "Toshiba",
    "TOSHIBA_MEC": "Toshiba",
    "ADAC": "other",
    "Agfa": "other",
    "Agfa HealthCare Informatics": "other",
    "Barco": "other",
    "CPS": "other",
    "CTI": "other",
    "CTI / MIMvista": "other",
    "Confirma Inc.": "other",
    "FUJI PHOTO FILM Co., ltd.": "other",
    "FUJIFILM Corporation": "other",
    "Imatron": "other",
    "LORAD": "other",
    "McKesson Medical Imaging Group": "other",
    "Vital Images, Inc": "other",
    "Vital Images, Inc.": "other",
}

SITE_YAML = """\
# One tissue source site of TCGA; sites/tcga/DATA.md says what its data is. Written by scripts/data/prepare_tcga_sites.py.
site: {site}
name: {{en: "TCGA tissue source site {code}, {collection}"}}
data:
  tables:
    - id: patients
      file: patients.csv
      key: patient
      level: patient
variables:
  - {{id: age, kind: quantity, unit: a, resolution: "1", range: ["18", "120"], from: {{table: patients, column: age}}}}
  - {{id: sex, kind: category, levels: [female, male], map: {{F: female, M: male}}, from: {{table: patients, column: sex}}}}
  - id: modality
    kind: category
    levels: [{modalities}]
    map: {modality_map}
    from: {{table: patients, column: modality}}
  - id: manufacturer
    kind: category
    levels: [{manufacturers}]
    map: {manufacturer_map}
    from: {{table: patients, column: manufacturer}}
policy:
  minimumCount: 10
  purposes: [research]
  approvals: {{jobs: automatic, releases: automatic}}
"""


def read_series() -> list[tuple]:
    """PatientID, collection, study date, age, sex, modality, manufacturer of every radiology series of TCGA."""
    found = importlib.metadata.version("idc-index-data")
    if found != INDEX_VERSION:
        raise SystemExit(f"idc-index-data {INDEX_VERSION} is needed, {found} is installed")
    index = importlib.resources.files("idc_index_data") / "idc_index.parquet"
    marks = ", ".join("?" for _ in MODALITIES)
    return duckdb.execute(
        "select PatientID, collection_id, StudyDate, StudyInstanceUID, PatientAge, PatientSex, Modality, Manufacturer"
        f" from read_parquet(?) where collection_id like 'tcga%' and Modality in ({marks})"
        " order by PatientID, StudyDate, StudyInstanceUID, SeriesInstanceUID",
        [str(index), *MODALITIES],
    ).fetchall()


def plain_age(text: str) -> str:
    """The years of a DICOM age string such as 042Y; anything else as it is written."""
    return str(int(text[:3])) if re.fullmatch(r"[0-9]{3}Y", text) else text


def commonest(values: list[str], order: tuple[str, ...] = ()) -> str:
    """What most have; a tie goes to the earlier one in the order, then in the alphabet."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], order.index(value) if value in order else 0, value))


def patient_row(patient: str, series: list[tuple]) -> dict[str, str]:
    """One patient, from all their series by study date."""
    ages = [age.strip() for _, _, _, _, age, _, _, _ in series if age and age.strip()]
    sexes = sorted({sex for _, _, _, _, _, sex, _, _ in series if sex})
    if len(sexes) > 1:
        raise SystemExit(f"{patient}: more than one sex")
    modality = commonest([row[6] for row in series], MODALITIES)
    return {
        "patient": patient,
        "collection": series[0][1],
        "age": plain_age(ages[0]) if ages else "",
        "sex": sexes[0] if sexes else "",
        "modality": modality,
        "manufacturer": commonest([row[7] or "" for row in series if row[6] == modality]),
        "study_year": (series[0][2] or "")[:4],
        "series": str(len(series)),
    }


def site_description(code: str, collection: str) -> str:
    def flow(mapping: dict[str, str]) -> str:
        return "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in mapping.items()) + "}"

    return SITE_YAML.format(
        site=f"tcga-{code.lower()}",
        code=code,
        collection=collection.removeprefix("tcga_").upper(),
        modalities=", ".join(MODALITY_LEVELS),
        modality_map=flow(MODALITY_SPELLINGS),
        manufacturers=", ".join(MANUFACTURER_LEVELS),
        manufacturer_map=flow(MANUFACTURER_SPELLINGS),
    )


def write_if_changed(path: Path, content: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, required=True, help="folder in which a folder a site is made")
    output: Path = parser.parse_args().output

    by_patient: dict[str, list[tuple]] = {}
    spellings = set()
    for row in read_series():
        by_patient.setdefault(row[0], []).append(row)
        if row[7]:
            spellings.add(row[7])
    unknown = spellings - set(MANUFACTURER_SPELLINGS) - set(MANUFACTURER_LEVELS)
    if unknown:
        raise SystemExit(f"spellings of manufacturers that nobody mapped: {sorted(unknown)}")
    by_site: dict[str, list[dict[str, str]]] = {}
    for patient, series in by_patient.items():
        by_site.setdefault(patient.split("-")[1], []).append(patient_row(patient, series))
    found = (len(by_site), len(by_patient), sum(map(len, by_patient.values())))
    if found != (KNOWN_SITES, KNOWN_PATIENTS, KNOWN_SERIES):
        raise SystemExit(f"sites, patients, series: found {found}, known {KNOWN_SITES, KNOWN_PATIENTS, KNOWN_SERIES}")

    for code, rows in sorted(by_site.items()):
        collections = {row["collection"] for row in rows}
        if len(collections) > 1:
            raise SystemExit(f"{code}: more than one collection")
        folder = output / f"tcga-{code.lower()}"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "patients.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        write_if_changed(folder / "site.yaml", site_description(code, collections.pop()))
    print(f"{found[0]} sites, {found[1]} patients of {found[2]} series in {output}")


if __name__ == "__main__":
    main()
