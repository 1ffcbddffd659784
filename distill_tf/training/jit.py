"""Whether a training step is compiled."""

import tensorflow as tf


def resolve_jit_compile(choice: str) -> bool:
    """Whether XLA compiles the step: "true", "false", or "auto".

    "auto" compiles on a GPU, where it joins the many small kernels of a step. On a
    processor it does not: XLA's matrix products there do without the bfloat16 units,
    and each shape of a batch is compiled anew.
    """
    if choice == "auto":
        return bool(tf.config.list_physical_devices("GPU"))
    return choice == "true"
