"""Writes the small ONNX models of Tests/ModelRuntimeTests/Vectors: one good one and several hostile ones.

Needs the PyPI packages onnx, numpy and onnxruntime (for the expected scores of the good model). Run it only to change
a vector; the tests use the committed files.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SIZE = 8  # the side of a case's patch: small, so that the files are
OPSET = [helper.make_opsetid("", 17)]


def tensor(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, value):
    return numpy_helper.from_array(np.asarray(value), name)


def model(nodes, initializers=(), inputs=None, outputs=None):
    graph = helper.make_graph(
        nodes,
        "vector",
        inputs or [tensor("patch", ["N", 1, SIZE, SIZE])],
        outputs or [tensor("probability", ["N", 1])],
        initializer=list(initializers),
    )
    return helper.make_model(graph, opset_imports=OPSET, ir_version=9)


def good():
    """A convolution, a pooling and a logistic output."""
    random = np.random.default_rng(20261122)
    return model(
        [
            helper.make_node("Conv", ["patch", "kernel", "bias"], ["features"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["features"], ["rectified"]),
            helper.make_node("GlobalAveragePool", ["rectified"], ["pooled"]),
            helper.make_node("Flatten", ["pooled"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights", "offset"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["probability"]),
        ],
        [
            constant("kernel", random.normal(size=(4, 1, 3, 3)).astype(np.float32)),
            constant("bias", random.normal(size=4).astype(np.float32)),
            constant("weights", random.normal(size=(4, 1)).astype(np.float32)),
            constant("offset", np.float32([-0.3])),
        ],
    )


def mean_to(name):
    """The case's mean value, as a tensor of shape [N, 1]."""
    return [
        helper.make_node("Flatten", ["patch"], ["flat"]),
        helper.make_node("ReduceMean", ["flat"], [name], axes=[1], keepdims=1),
    ]


def external_data(location):
    """A weight that is said to lie in another file of the site."""
    weight = TensorProto(name="secret", data_type=TensorProto.FLOAT, dims=[1])
    weight.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "4")):
        weight.external_data.add(key=key, value=value)
    return model([*mean_to("mean"), helper.make_node("Add", ["mean", "secret"], ["probability"])], [weight])


def huge_allocation(at_load):
    """64 GiB of ones. With a constant shape the optimizer makes them while the model is loaded."""
    shape = np.int64([16, 1 << 30])
    nodes = [*mean_to("mean")]
    if at_load:
        nodes.append(helper.make_node("ConstantOfShape", ["shape"], ["huge"], value=constant("one", np.float32([1]))))
    else:
        nodes += [
            helper.make_node("Shape", ["patch"], ["patch_shape"]),
            helper.make_node("Slice", ["patch_shape", "zero", "one_index"], ["batch"]),
            helper.make_node("Mul", ["batch", "shape"], ["run_shape"]),
            helper.make_node("ConstantOfShape", ["run_shape"], ["huge"], value=constant("one", np.float32([1]))),
        ]
    nodes += [
        helper.make_node("ReduceMean", ["huge"], ["huge_mean"], keepdims=0),
        helper.make_node("Add", ["mean", "huge_mean"], ["probability"]),
    ]
    return model(nodes, [constant("shape", shape), constant("zero", np.int64([0])), constant("one_index", np.int64([1]))])


def endless_loop():
    """A loop whose condition stays true and whose trip count is the greatest there is."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["keep_going"], ["keep_going_out"]),
            helper.make_node("Add", ["state", "state"], ["state_out"]),
        ],
        "body",
        [tensor("trip", [], TensorProto.INT64), tensor("keep_going", [], TensorProto.BOOL), tensor("state", ["N", 1])],
        [tensor("keep_going_out", [], TensorProto.BOOL), tensor("state_out", ["N", 1])],
    )
    return model(
        [*mean_to("mean"), helper.make_node("Loop", ["trips", "condition", "mean"], ["probability"], body=body)],
        [constant("trips", np.int64(np.iinfo(np.int64).max)), constant("condition", np.bool_(True))],
    )


def scaled(factor, shift=0.0):
    """The mean, scaled: beyond [0, 1] or NaN when the factor is."""
    return model(
        [
            *mean_to("mean"),
            helper.make_node("Mul", ["mean", "factor"], ["scaled"]),
            helper.make_node("Add", ["scaled", "shift"], ["probability"]),
        ],
        [constant("factor", np.float32([factor])), constant("shift", np.float32([shift]))],
    )


def nan_for_dark_cases():
    """log(mean): NaN for a case whose mean is negative, a score within [0, 1] for one whose mean is in [1, e]."""
    return model([*mean_to("mean"), helper.make_node("Log", ["mean"], ["probability"])])


def many_outputs():
    """Four values where one is declared."""
    return model(
        [*mean_to("mean"), helper.make_node("Concat", ["mean"] * 4, ["probability"], axis=1)],
        outputs=[tensor("probability", ["N", "K"])],
    )


def whole_numbers():
    """int64 where float32 is declared."""
    return model(
        [*mean_to("mean"), helper.make_node("Cast", ["mean"], ["probability"], to=TensorProto.INT64)],
        outputs=[tensor("probability", ["N", 1], TensorProto.INT64)],
    )


def two_inputs():
    """Asks for more than the declared input."""
    return model(
        [*mean_to("mean"), helper.make_node("Add", ["mean", "patient"], ["probability"])],
        inputs=[tensor("patch", ["N", 1, SIZE, SIZE]), tensor("patient", ["N", 1])],
    )


def other_shape():
    """Another side of the patch than the manifest declares."""
    return model(mean_to("probability"), inputs=[tensor("patch", ["N", 1, SIZE + 1, SIZE + 1])])


def stateful():
    """A random score for each run: the same case twice differs."""
    return model(
        [
            *mean_to("mean"),
            helper.make_node("RandomUniformLike", ["mean"], ["probability"], low=0.0, high=1.0),
        ]
    )


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.checker.check_model(good())
    models = {
        "good": good(),
        "external-data-relative": external_data("../../../../../../etc/passwd"),
        "external-data-absolute": external_data("/etc/passwd"),
        # A name as long as any path of a test, so that a test can write one over it without changing a length.
        "external-data-anywhere": external_data("./" * 150),
        "huge-at-load": huge_allocation(at_load=True),
        "huge-at-run": huge_allocation(at_load=False),
        "endless-loop": endless_loop(),
        "nan-output": scaled(float("nan")),
        "out-of-range": scaled(0.0, 1.5),
        "nan-for-dark-cases": nan_for_dark_cases(),
        "many-outputs": many_outputs(),
        "whole-numbers": whole_numbers(),
        "two-inputs": two_inputs(),
        "other-shape": other_shape(),
        "stateful": stateful(),
    }
    for name, built in models.items():
        (folder / f"{name}.onnx").write_bytes(built.SerializeToString())
    whole = good().SerializeToString()
    (folder / "truncated.onnx").write_bytes(whole[: len(whole) // 2])
    (folder / "garbage.onnx").write_bytes(np.random.default_rng(1).bytes(512))

    cases = np.random.default_rng(2).normal(size=(16, 1, SIZE, SIZE)).astype("<f4")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(whole, options, providers=["CPUExecutionProvider"])
    scores = np.concatenate([session.run(["probability"], {"patch": case[None]})[0] for case in cases])
    (folder / "good-cases.f32").write_bytes(cases.tobytes())
    (folder / "good-scores.f32").write_bytes(scores.astype("<f4").tobytes())


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parents[2] / "Tests/ModelRuntimeTests/Vectors"
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default)
