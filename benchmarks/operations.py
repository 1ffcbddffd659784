"""What TensorFlow's profiler says of a training step, operation by operation."""

import collections
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PRODUCTS = "matrix products"
ELEMENTWISE = "element by element"

# The first that fits an operation's "scope:kind" tells where its time belongs.
CATEGORIES = {
    "optimizer": r"/fused_adam_w(_\d+)?/|global_norm",
    "dropout": r"dropout|:StatelessRandom",
    PRODUCTS: r"MatMul$",
    "LayerNorm and GELU": r"layer_norm|gelu",
    "attention": r"BatchMatMul|Softmax|/attention(?!.*(dense|query_key_value|Cast)).*:",
    "bfloat16 to float32 and back": r":Cast$",
    "embeddings": r"embedding|:Gather|:UnsortedSegment",
    "input": r":PyFunc$|:IteratorGetNext$",
    # Biases, residual sums, other activations, losses, and the gradients of all these.
    ELEMENTWISE: r"",
}


def category(operation: str) -> str:
    """Where an operation of the profile, "scope/name:Kind", belongs."""
    return next(n for n, pattern in CATEGORIES.items() if re.search(pattern, operation))


def seconds_by_category(run: Callable[[], None]) -> tuple[dict[str, float], float]:
    """Profiles a call: what its operations took on a processor, by category.

    Operations that ran at the same time count each in full, so that the sum is the
    time that passed only where they run one at a time (inter_op_threads=1).

    Returns:
        Those seconds, and the call's own, without those that go into writing down and
        reading what was recorded.
    """
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder)
        start = time.perf_counter()
        run()
        passed = time.perf_counter() - start
        tf.profiler.experimental.stop()
        (trace,) = Path(folder).rglob("*.xplane.pb")
        content = trace.read_bytes()
    spent = collections.Counter(dict.fromkeys(CATEGORIES, 0.0))
    for operation, seconds in _operations(content).items():
        spent[category(operation)] += seconds
    return dict(spent), passed


def _operations(content: bytes) -> dict[str, float]:
    """Seconds by operation, of a profile as TensorFlow writes it."""
    # No public reader of this format is part of TensorFlow.
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    space = xplane_pb2.XSpace()
    space.ParseFromString(content)
    spent = collections.Counter()
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name
                # "scope/name:Kind"; others are calls that hold operations.
                if re.fullmatch(r"[\w./-]+:\w+", name):
                    spent[name] += event.duration_ps * 1e-12
    return spent
