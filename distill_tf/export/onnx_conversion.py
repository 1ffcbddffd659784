"""A Keras model as ONNX's protocol buffer."""

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.export.exporter import import_tool
from distill_tf.export.flat_inputs import length_name
from distill_tf.export.portable_model import PortableModel
from distill_tf.export.quiet import quiet

# The newest that tf2onnx writes; ONNX Runtime has run it since 1.14.
OPSET = 18
_EXTRA = "onnx"


def convert_to_onnx(portable: PortableModel) -> Any:
    """The model as an `onnx.ModelProto`, from the inputs of `portable` to `logits`.

    tf2onnx copies the whole graph for each of a dozen optimizers, so it gets the
    weights as further inputs, and their values are put in afterwards.

    Raises:
        DistillError: If ONNX lacks an operation of the model.
    """
    tf2onnx = import_tool("tf2onnx", _EXTRA)
    weights = {f"weight_{i}": each for i, each in enumerate(portable.model.weights)}
    weight_specs = [
        tf.TensorSpec(weight.shape, weight.dtype, name)
        for name, weight in weights.items()
    ]
    with quiet():
        converted, _ = tf2onnx.convert.from_function(
            _forward_with_weights(portable),
            input_signature=[*portable.specs, *weight_specs],
            opset=OPSET,
            custom_op_handlers={"Erfc": (_one_minus_erf, [])},
        )
    _fill_in(weights, converted.graph)
    _name_dimensions(converted.graph)
    _check(converted)
    return converted


def _forward_with_weights(
    portable: PortableModel,
) -> tf.types.experimental.PolymorphicFunction:
    """A function of the inputs, and then of each of the model's weights."""
    model, num_inputs = portable.model, len(portable.specs)

    @tf.function(autograph=False)
    def forward(*arrays: tf.Tensor) -> dict[str, tf.Tensor]:
        inputs = portable.inputs(arrays[:num_inputs])
        values = zip(model.weights, arrays[num_inputs:], strict=True)
        with keras.StatelessScope(state_mapping=list(values)):
            return {"logits": model(inputs, training=False)}

    return forward


def _one_minus_erf(context: Any, node: Any, name: str, args: list) -> None:
    """Writes TensorFlow's Erfc, which ONNX lacks, as 1 - Erf."""
    erf = context.make_node("Erf", [node.input[0]])
    one = context.make_const(f"{name}_one", np.array(1, np.float32))
    context.remove_node(name)
    context.make_node(
        "Sub", [one.output[0], erf.output[0]], outputs=node.output, name=name
    )


def _fill_in(weights: Mapping[str, keras.Variable], graph: Any) -> None:
    """Makes constants of the inputs that are weights; drops those that nobody reads."""
    numpy_helper = import_tool("onnx.numpy_helper", _EXTRA)
    inputs = [value for value in graph.input if value.name not in weights]
    del graph.input[:]
    graph.input.extend(inputs)
    read = set(_names_read(graph))
    graph.initializer.extend(
        numpy_helper.from_array(weight.numpy(), name)
        for name, weight in weights.items()
        if name in read
    )


def _names_read(graph: Any) -> Iterator[str]:
    """What nodes take, those in the bodies of loops included."""
    for node in graph.node:
        yield from node.input
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _names_read(attribute.g)


def _name_dimensions(graph: Any) -> None:
    """Names the free dimensions by what they are, where tf2onnx numbers them."""
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    for value in graph.input:
        value.type.tensor_type.shape.dim[1].dim_param = length_name(value.name)


def _check(converted: Any) -> None:
    onnx = import_tool("onnx", _EXTRA)
    refusals = (onnx.checker.ValidationError, onnx.shape_inference.InferenceError)
    try:
        onnx.checker.check_model(converted, full_check=True)
    except refusals as error:
        raise DistillError(
            "this model has an operation that ONNX lacks "
            f"({str(error).splitlines()[0]}); choose another format, such as "
            "savedmodel."
        ) from error
