"""Which options a method reads."""

from distill_tf.config import DistillConfig
from distill_tf.config.method_table import method_readers
from distill_tf.config.unread_options import Readers
from distill_tf.errors import DistillError

# OneFlow's kd_alpha of each, which in kd is the share of the labels, elsewhere not.
_ALPHAS = {
    "pkd": "pkd_alpha",
    "pkd_oneflow": "pkd_alpha",
    "soft_ce": "soft_ce_alpha",
}

METHOD_OPTIONS = (
    *method_readers(),
    Readers("aug_train", (True,), ("aug_dir",)),
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
