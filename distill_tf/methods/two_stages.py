"""Methods of two stages, either of which may be left out."""

from collections.abc import Callable

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.stage import Stage


def two_stages(
    config: DistillConfig,
    first: Callable[[], Stage],
    second: Callable[[], Stage],
) -> tuple[Stage, ...]:
    """The stages that `intermediate_distill` and `pred_distill` leave on.

    Args:
        config: the two switches, and the method's name for messages.
        first: makes the first stage; not called when that is off, so that settings of
            a stage that does not run cannot be wrong.
        second: likewise.

    Raises:
        DistillError: both are off.
    """
    switches = (config.intermediate_distill, config.pred_distill)
    if not any(switches):
        raise DistillError(
            f"{config.method} has two stages, but both are switched off; leave "
            "intermediate_distill or pred_distill on."
        )
    return tuple(
        make() for make, on in zip((first, second), switches, strict=True) if on
    )
