"""In which precision models compute, and keep their weights."""

from pathlib import Path

import tensorflow as tf

_NATIVE_BFLOAT16 = {"avx512_bf16", "amx_bf16"}


def resolve_precision(precision: str) -> str:
    """A Keras dtype policy's name.

    "auto" is mixed_bfloat16 where the processor or the GPU multiplies bfloat16
    matrices natively, and float32 elsewhere, where it would be slower.
    """
    if precision != "auto":
        return precision
    gpus = tf.config.list_physical_devices("GPU")
    native = _gpu_has_bfloat16(gpus[0]) if gpus else cpu_has_bfloat16()
    return "mixed_bfloat16" if native else "float32"


def without_training(dtype_policy: str) -> str:
    """The policy that computes the same for a model whose weights stay as they are.

    Under a mixed policy weights are float32, for the optimizer's sake, and rounded in
    each pass. Without an optimizer they are kept as they are computed with, which
    gives the same digits, saves a pass over all of them, and lets bfloat16 ones be
    multiplied faster, see `distill_tf.models.frozen_linear`.
    """
    return dtype_policy.removeprefix("mixed_")


def cpu_has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 matrices natively."""
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    flags = next(
        (line for line in cpuinfo.splitlines() if line.startswith("flags")), ""
    )
    return not _NATIVE_BFLOAT16.isdisjoint(flags.split())


def _gpu_has_bfloat16(gpu) -> bool:
    details = tf.config.experimental.get_device_details(gpu)
    return details.get("compute_capability", (0, 0)) >= (8, 0)
