"""One peer, one pair, one process: prints its scores as JSON. Usage: segmentation_peer.py TOOL REF PRED Z,Y,X TOLERANCE

Each score is had through the peer's own public calls, as a user would.
"""

import json
import sys

import numpy


def surface_distance(reference, prediction, spacing, tolerance):
    import surface_distance as peer
    reference, prediction = reference.astype(bool), prediction.astype(bool)
    distances = peer.compute_surface_distances(reference, prediction, spacing)
    averages = peer.compute_average_surface_distance(distances)
    areas = distances["surfel_areas_gt"], distances["surfel_areas_pred"]
    sums = (numpy.sum(distances["distances_gt_to_pred"] * areas[0]),
            numpy.sum(distances["distances_pred_to_gt"] * areas[1]))
    return {
        "dice": peer.compute_dice_coefficient(reference, prediction),
        "hd": peer.compute_robust_hausdorff(distances, 100),
        "hd95": peer.compute_robust_hausdorff(distances, 95),
        "assd": sum(sums) / (areas[0].sum() + areas[1].sum()),
        "masd": (averages[0] + averages[1]) / 2,
        "nsd": peer.compute_surface_dice_at_tolerance(distances, tolerance),
    }


def medpy(reference, prediction, spacing, tolerance):
    from medpy.metric import binary
    return {
        "dice": binary.dc(prediction, reference),
        "hd": binary.hd(prediction, reference, voxelspacing=spacing),
        "hd95": binary.hd95(prediction, reference, voxelspacing=spacing),
        "assd": binary.assd(prediction, reference, voxelspacing=spacing),
    }


def images(reference, prediction, spacing):
    import SimpleITK as peer
    peer.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    both = [peer.GetImageFromArray(mask) for mask in (reference, prediction)]
    for image in both:
        image.SetSpacing([float(step) for step in reversed(spacing)])
    return peer, both


def simpleitk(reference, prediction, spacing, tolerance):
    peer, (reference, prediction) = images(reference, prediction, spacing)
    overlap = peer.LabelOverlapMeasuresImageFilter()
    overlap.Execute(reference, prediction)
    hausdorff = peer.HausdorffDistanceImageFilter()
    hausdorff.Execute(reference, prediction)
    return {"dice": overlap.GetDiceCoefficient(), "hd": hausdorff.GetHausdorffDistance()}


def distance_transforms(reference, prediction, spacing, tolerance):
    """No scores: only the full Euclidean distance transform of each mask, Maurer's in linear time."""
    peer, both = images(reference, prediction, spacing)
    for image in both:
        peer.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    return {}


def main():
    tool, reference, prediction, spacing, tolerance = sys.argv[1:6]
    peers = {"surface-distance": surface_distance, "medpy": medpy, "simpleitk": simpleitk,
             "distance-transforms": distance_transforms}
    scores = peers[tool](numpy.load(reference), numpy.load(prediction),
                         tuple(float(step) for step in spacing.split(",")), float(tolerance))
    print(json.dumps({name: float(value) for name, value in scores.items()}))


main()
