#!/usr/bin/env python3
"""Reference implementation of models/PREPROCESSING.md: from the readers' DICOM Segmentations to the model's patch.

  preprocess.py FILE...    prints the patch of one case, a line of 0 and 1 a row
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy
import pydicom

SIZE = 32
SPACING = 1.0
MICROMETRES_PER_MM = 1000
GRID_TOLERANCE = 0.01


class UnusableSegmentation(ValueError):
    """The files do not give one consensus mask on one grid."""


def nearest(value: float) -> int:
    return math.floor(value + 0.5)


def frames(segmentation: pydicom.Dataset) -> Iterator[tuple[list[float], numpy.ndarray]]:
    """Position of the first pixel in mm and mask of every frame. The bits of all frames are packed without gaps."""
    rows, columns = int(segmentation.Rows), int(segmentation.Columns)
    count = int(segmentation.NumberOfFrames)
    bits = numpy.unpackbits(
        numpy.frombuffer(segmentation.PixelData, dtype=numpy.uint8), count=count * rows * columns, bitorder="little"
    ).reshape(count, rows, columns)
    for group, mask in zip(segmentation.PerFrameFunctionalGroupsSequence, bits, strict=True):
        yield [float(value) for value in group.PlanePositionSequence[0].ImagePositionPatient], mask


def grid(segmentation: pydicom.Dataset) -> tuple[float, float]:
    """Distance of rows and of columns in mm."""
    shared = segmentation.SharedFunctionalGroupsSequence[0]
    orientation = [float(value) for value in shared.PlaneOrientationSequence[0].ImageOrientationPatient]
    if orientation != [1, 0, 0, 0, 1, 0]:
        raise UnusableSegmentation("the planes are not axial")
    row_spacing, column_spacing = shared.PixelMeasuresSequence[0].PixelSpacing
    return float(row_spacing), float(column_spacing)


def consensus_slice(segmentations: list[pydicom.Dataset]) -> tuple[numpy.ndarray, float, float]:
    """The axial slice in which the consensus of the readers is largest, and the distance of its rows and columns."""
    if not segmentations:
        raise UnusableSegmentation("there is no Segmentation")
    row_spacing, column_spacing = grid(segmentations[0])
    if any(grid(other) != (row_spacing, column_spacing) for other in segmentations):
        raise UnusableSegmentation("the pixel spacings differ")

    placed = [frame for segmentation in segmentations for frame in frames(segmentation)]
    left = min(position[0] for position, _ in placed)
    top = min(position[1] for position, _ in placed)
    offsets = []
    for position, _ in placed:
        column = (position[0] - left) / column_spacing
        row = (position[1] - top) / row_spacing
        if max(abs(row - nearest(row)), abs(column - nearest(column))) > GRID_TOLERANCE:
            raise UnusableSegmentation("the frames do not share a grid")
        offsets.append((nearest(row), nearest(column)))
    height = max(row + mask.shape[0] for (row, _), (_, mask) in zip(offsets, placed, strict=True))
    width = max(column + mask.shape[1] for (_, column), (_, mask) in zip(offsets, placed, strict=True))

    votes: dict[int, numpy.ndarray] = {}
    for (row, column), (position, mask) in zip(offsets, placed, strict=True):
        plane = votes.setdefault(nearest(position[2] * MICROMETRES_PER_MM), numpy.zeros((height, width), dtype=int))
        plane[row : row + mask.shape[0], column : column + mask.shape[1]] += mask
    best: numpy.ndarray | None = None
    for _, plane in sorted(votes.items()):
        agreed = 2 * plane >= len(segmentations)
        if best is None or agreed.sum() > best.sum():
            best = agreed
    if best is None or not best.any():
        raise UnusableSegmentation("the consensus is empty")
    return best, row_spacing, column_spacing


def samples(marked: numpy.ndarray, spacing: float) -> list[int]:
    """Pixel indices along one axis: SIZE samples SPACING mm apart, centred on the extent of the marked pixels."""
    centre = (int(marked[0]) + int(marked[-1])) / 2
    return [nearest((index - (SIZE - 1) / 2) * SPACING / spacing + centre) for index in range(SIZE)]


def patch(segmentations: list[pydicom.Dataset]) -> numpy.ndarray:
    """The model's input [1, SIZE, SIZE], float32, 0 or 1."""
    mask, row_spacing, column_spacing = consensus_slice(segmentations)
    rows = samples(numpy.flatnonzero(mask.any(axis=1)), row_spacing)
    columns = samples(numpy.flatnonzero(mask.any(axis=0)), column_spacing)
    result = numpy.zeros((1, SIZE, SIZE), dtype=numpy.float32)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            if 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]:
                result[0, i, j] = mask[row, column]
    return result


def tracking_id(segmentation: pydicom.Dataset) -> str:
    return str(segmentation.SegmentSequence[0].TrackingID)


def site_patches(site: Path) -> dict[str, numpy.ndarray]:
    """The patch of every case of a prepared site folder, by the case's key; cases without a consensus are left out."""
    cases: dict[str, list[pydicom.Dataset]] = {}
    for path in sorted((site / "dicom").rglob("*.dcm")):
        segmentation = pydicom.dcmread(path)
        cases.setdefault(tracking_id(segmentation), []).append(segmentation)
    patches = {}
    for key, segmentations in sorted(cases.items()):
        try:
            patches[key] = patch(segmentations)
        except UnusableSegmentation as error:
            print(f"{key}: {error}", file=sys.stderr)
    return patches


if __name__ == "__main__":
    for line in patch([pydicom.dcmread(argument) for argument in sys.argv[1:]])[0].astype(int):
        print("".join(str(value) for value in line))
