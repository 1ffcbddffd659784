"""Whether a training step is compiled."""

import tensorflow as tf

from distill_tf.precision import without_training


def resolve_jit_compile(choice: str) -> bool:
    """Whether XLA compiles the step: "true", "false", or "auto".

    "auto" compiles on a GPU, where it joins the many small kernels of a step. On a
    processor it does not: XLA's matrix products there do without the bfloat16 units,
    and each shape of a batch is compiled anew.
    """
    if choice == "auto":
        return _has_gpu()
    return choice == "true"


def policy_of_untrained(dtype_policy: str, choice: str) -> str:
    """The dtype policy of a model that takes part in a step and is not trained.

    Args:
        dtype_policy: that of the trained model.
        choice: whether the step is compiled, as in `resolve_jit_compile`.
    """
    # On a processor, XLA knows nothing of `models.frozen_linear`.
    if resolve_jit_compile(choice) and not _has_gpu():
        return dtype_policy
    return without_training(dtype_policy)


def _has_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))
