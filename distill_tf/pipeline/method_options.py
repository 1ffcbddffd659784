"""Which options a method reads."""

from collections.abc import Iterator

from distill_tf.config import DistillConfig
from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.config.unread_options import Readers
from distill_tf.errors import DistillError

# OneFlow's kd_alpha of each, which in kd is the share of the labels, elsewhere not.
_ALPHAS = {
    "pkd": "pkd_alpha",
    "pkd_oneflow": "pkd_alpha",
    "soft_ce": "soft_ce_alpha",
}


def _readers() -> Iterator[Readers]:
    options = dict.fromkeys(
        option for entry in METHOD_TABLE.values() for option in entry.options
    )
    for option in options:
        methods = (
            name for name, entry in METHOD_TABLE.items() if option in entry.options
        )
        yield Readers("method", tuple(methods), (option,))


METHOD_OPTIONS = (
    *_readers(),
    Readers("kd_loss", ("dkd",), ("dkd_alpha", "dkd_beta")),
    Readers("kd_loss", ("dist",), ("dist_beta", "dist_gamma")),
    Readers("teacher_weight_schedule", ("warm_up",), ("teacher_weight_warmup",)),
    Readers("temperature_schedule", ("warm_up",), ("temperature_warmup",)),
)


def with_own_alpha(config: DistillConfig) -> DistillConfig:
    """The configuration with `kd_alpha` under the method's own name of it.

    OneFlow's commands call every method's weight so; its meaning is the method's.

    Raises:
        DistillError: both names are given.
    """
    name = _ALPHAS.get(config.method)
    if name is None or config.kd_alpha is None:
        return config
    if getattr(config, name) is not None:
        raise DistillError(
            f"kd_alpha is another name of {name} in method {config.method}, and both "
            "are given; leave one of them out."
        )
    return config.replace(**{name: config.kd_alpha, "kd_alpha": None})
