#!/usr/bin/env python3
"""Trains the demo's model on the GE site alone and writes the model package.

For maintainers (requirements-derive.txt). Everything is chosen on the GE site: the network by cross-validation with
patients kept together, the operating point on the out-of-fold probabilities. The other sites are scored once, at the
end, with the finished model, for the model card.

  train_model.py --sites .cache/lidc [--output models/nodule-mask-patch]
"""

import argparse
import csv
import hashlib
import json
import math
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import preprocess

REPOSITORY = Path(__file__).resolve().parents[2]
TRAINING_SITE = "ge"
VALIDATION_SITES = {"siemens": "Siemens", "philips": "Philips", "toshiba": "Toshiba"}
SEED = 20261122
SENSITIVITY_GOAL = 0.85
PENALTY = 10.0
FOLDS = 5
BOOTSTRAP_SAMPLES = 2000
OPSET, IR_VERSION = 17, 9


@dataclass(frozen=True)
class Network:
    """Mean pooling of the patch in squares of `pooling` pixels, then fully connected layers."""

    pooling: int
    hidden: tuple[int, ...]
    penalty: float

    def pooled(self, patches: numpy.ndarray) -> numpy.ndarray:
        side = preprocess.SIZE // self.pooling
        squares = patches.reshape(len(patches), side, self.pooling, side, self.pooling)
        return squares.mean(axis=(2, 4)).reshape(len(patches), -1)

    def fit(self, patches: numpy.ndarray, labels: numpy.ndarray) -> MLPClassifier:
        """Trains on the patches and their seven rotations and reflections."""
        turned = [
            numpy.rot90(flipped, turns, (2, 3)) for flipped in (patches, patches[..., ::-1]) for turns in range(4)
        ]
        classifier = MLPClassifier(self.hidden, alpha=self.penalty, max_iter=30, random_state=SEED)
        # One thread: the sums are then made in one order, and threads of small matrices only wait for each other.
        with warnings.catch_warnings(), threadpool_limits(1):
            warnings.simplefilter("ignore", ConvergenceWarning)
            return classifier.fit(self.pooled(numpy.concatenate(turned)), numpy.tile(labels, len(turned)))

    def probabilities(self, classifier: MLPClassifier, patches: numpy.ndarray) -> numpy.ndarray:
        return classifier.predict_proba(self.pooled(patches))[:, 1]


CANDIDATES = [
    Network(pooling, hidden, PENALTY)
    for pooling in (1, 2, 4)
    for hidden in ((16,), (32,))
]


@dataclass(frozen=True)
class Cases:
    patches: numpy.ndarray
    labels: numpy.ndarray
    patients: numpy.ndarray
    unusable: int


def read_cases(site: Path) -> Cases:
    """The site's nodules with at least three readers and a mean malignancy rating other than 3."""
    patches = preprocess.site_patches(site)
    with (site / "nodules.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["readers"]) >= 3 and row["malignant"]]
    usable = [row for row in rows if row["nodule"] in patches]
    return Cases(
        patches=numpy.stack([patches[row["nodule"]] for row in usable]),
        labels=numpy.array([int(row["malignant"]) for row in usable]),
        patients=numpy.array([row["patient"] for row in usable]),
        unusable=len(rows) - len(usable),
    )


def out_of_fold(network: Network, cases: Cases) -> numpy.ndarray:
    probabilities = numpy.zeros(len(cases.labels))
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in splitter.split(cases.patches, cases.labels, cases.patients):
        classifier = network.fit(cases.patches[train], cases.labels[train])
        probabilities[test] = network.probabilities(classifier, cases.patches[test])
    return probabilities


def operating_point(labels: numpy.ndarray, probabilities: numpy.ndarray) -> str:
    """The greatest threshold in steps of 0.01 that reaches the sensitivity goal."""
    for hundredths in range(99, 0, -1):
        threshold = hundredths / 100
        if (probabilities[labels == 1] >= threshold).mean() >= SENSITIVITY_GOAL:
            return f"{threshold:.2f}"
    raise SystemExit("no threshold reaches the sensitivity goal")


def export(network: Network, classifier: MLPClassifier) -> bytes:
    """The network as ONNX: patch [N, 1, 32, 32] to probability [N]."""
    nodes, weights = [], []
    current = "patch"
    if network.pooling > 1:
        side = [network.pooling, network.pooling]
        nodes.append(helper.make_node("AveragePool", [current], ["pooled"], kernel_shape=side, strides=side))
        current = "pooled"
    nodes.append(helper.make_node("Flatten", [current], ["features"], axis=1))
    current = "features"
    last = len(classifier.coefs_) - 1
    for layer, (matrix, bias) in enumerate(zip(classifier.coefs_, classifier.intercepts_, strict=True)):
        names = [f"weight{layer}", f"bias{layer}"]
        for name, values in zip(names, (matrix, bias), strict=True):
            weights.append(numpy_helper.from_array(numpy.asarray(values, dtype=numpy.float32), name))
        nodes.append(helper.make_node("Gemm", [current, *names], [f"layer{layer}"]))
        current = f"layer{layer}"
        if layer < last:
            nodes.append(helper.make_node("Relu", [current], [f"active{layer}"]))
            current = f"active{layer}"
    weights.append(numpy_helper.from_array(numpy.array([-1], dtype=numpy.int64), "flat"))
    nodes.append(helper.make_node("Sigmoid", [current], ["column"]))
    nodes.append(helper.make_node("Reshape", ["column", "flat"], ["probability"]))
    graph = helper.make_graph(
        nodes,
        "nodule-mask-patch",
        [helper.make_tensor_value_info("patch", TensorProto.FLOAT, ["N", 1, preprocess.SIZE, preprocess.SIZE])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["N"])],
        weights,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="concordat"
    )
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def score(model: bytes, patches: numpy.ndarray) -> numpy.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(["probability"], {"patch": patches.astype(numpy.float32)})[0]


def interval(cases: Cases, probabilities: numpy.ndarray) -> tuple[float, float]:
    """95 % percentile interval of the AUROC; patients are resampled with all their nodules."""
    generator = numpy.random.default_rng(SEED)
    patients = numpy.unique(cases.patients)
    members = [numpy.flatnonzero(cases.patients == patient) for patient in patients]
    values = []
    while len(values) < BOOTSTRAP_SAMPLES:
        drawn = numpy.concatenate([members[i] for i in generator.integers(len(members), size=len(members))])
        if 0 < cases.labels[drawn].sum() < len(drawn):
            values.append(roc_auc_score(cases.labels[drawn], probabilities[drawn]))
    low, high = numpy.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def table_line(name: str, cases: Cases, probabilities: numpy.ndarray, threshold: str) -> str:
    low, high = interval(cases, probabilities)
    called = probabilities >= float(threshold)
    positive, negative = cases.labels == 1, cases.labels == 0
    return (
        f"| {name} | {len(cases.labels)} | {positive.sum()} | {len(set(cases.patients))} "
        f"| {roc_auc_score(cases.labels, probabilities):.3f} ({low:.3f} to {high:.3f}) "
        f"| {(called & positive).sum()}/{positive.sum()} = {called[positive].mean():.3f} "
        f"| {(~called & negative).sum()}/{negative.sum()} = {(~called)[negative].mean():.3f} |"
    )


def manifest(output: Path, threshold: str) -> dict:
    files = []
    for name in ("model.onnx", "MODEL_CARD.md"):
        content = (output / name).read_bytes()
        files.append({"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    return {
        "schemaVersion": "1.0",
        "name": "nodule-mask-patch",
        "version": "1.0.0",
        "intendedUse": {
            "en": "Demonstration of external validation; not for any clinical decision.",
            "zh-Hans": "仅用于演示外部验证，不得用于任何临床决策。",
        },
        "task": "classification",
        "trainingSites": [TRAINING_SITE],
        "input": {"name": "patch", "type": "float32", "shape": [1, preprocess.SIZE, preprocess.SIZE]},
        "preprocessing": {
            "kind": "segmentation-consensus-patch",
            "size": [preprocess.SIZE, preprocess.SIZE],
            "spacing": [f"{preprocess.SPACING:.1f}"] * 2,
            "slice": "largest-area",
            "vote": "half",
        },
        "output": {
            "name": "probability",
            "type": "float32",
            "shape": [1],
            "meaning": "probability of a mean malignancy rating above 3",
        },
        "operatingPoints": [{"id": "pre-specified", "threshold": threshold}],
        "files": files,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sites", type=Path, required=True, help="folder of the prepared sites")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "models" / "nodule-mask-patch")
    arguments = parser.parse_args()

    training = read_cases(arguments.sites / TRAINING_SITE)
    print(f"{len(training.labels)} nodules for training, {training.unusable} unusable", flush=True)
    best, best_area, best_probabilities = None, -math.inf, None
    for candidate in CANDIDATES:
        probabilities = out_of_fold(candidate, training)
        area = roc_auc_score(training.labels, probabilities)
        print(f"{candidate}: AUROC {area:.4f}", flush=True)
        if area > best_area:
            best, best_area, best_probabilities = candidate, area, probabilities
    threshold = operating_point(training.labels, best_probabilities)
    classifier = best.fit(training.patches, training.labels)
    model = export(best, classifier)
    difference = numpy.abs(score(model, training.patches) - best.probabilities(classifier, training.patches)).max()
    if difference > 1e-5:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")

    lines = [table_line("GE, cross-validation", training, best_probabilities, threshold)]
    for site, name in VALIDATION_SITES.items():
        cases = read_cases(arguments.sites / site)
        print(f"{site}: {cases.unusable} unusable")
        lines.append(table_line(name, cases, score(model, cases.patches), threshold))
    print("\n".join(lines))

    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "model.onnx").write_bytes(model)
    template = (Path(__file__).resolve().parent / "MODEL_CARD.template.md").read_text(encoding="utf-8")
    card = template.format(
        candidates=len(CANDIDATES),
        folds=FOLDS,
        pooling=best.pooling,
        hidden=" and ".join(map(str, best.hidden)),
        penalty=f"{best.penalty:g}",
        parameters=sum(values.size for values in [*classifier.coefs_, *classifier.intercepts_]),
        cases=len(training.labels),
        positive=int(training.labels.sum()),
        patients=len(set(training.patients)),
        threshold=threshold,
        goal=SENSITIVITY_GOAL,
        samples=BOOTSTRAP_SAMPLES,
        results="\n".join(lines),
    )
    (arguments.output / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    text = json.dumps(manifest(arguments.output, threshold), ensure_ascii=False, indent=2) + "\n"
    (arguments.output / "model.json").write_text(text, encoding="utf-8")
    print(f"package sha256:{hashlib.sha256(text.encode()).hexdigest()}, {len(model)} bytes of ONNX")


if __name__ == "__main__":
    main()
