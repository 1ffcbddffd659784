"""Which options a method reads."""

from distill_tf.config import DistillConfig
from distill_tf.config.unread_options import Readers
from distill_tf.errors import DistillError

_TINYBERT = ("tinybert", "tinybert_oneflow")
_SOFTENED = (
    *_TINYBERT,
    "kd",
    "pkd",
    "pkd_oneflow",
    "minilm",
    "distilbert",
    "soft_ce",
    "virt",
)
# OneFlow's kd_alpha of each, which in kd is the share of the labels, elsewhere not.
_ALPHAS = {
    "pkd": "pkd_alpha",
    "pkd_oneflow": "pkd_alpha",
    "soft_ce": "soft_ce_alpha",
}
_OF = {
    _TINYBERT: (
        "soft_label_weight",
        "hard_label_weight",
        "attention_weight",
        "hidden_weight",
        "attention_form",
    ),
    (*_TINYBERT, "minilm"): ("attention_heads",),
    (*_TINYBERT, "pkd_oneflow", "virt"): ("layer_map",),
    (*_TINYBERT, "pkd", "pkd_oneflow", "distilbert"): ("hidden_projection",),
    ("tinybert", "minilm", "theseus"): ("intermediate_distill", "pred_distill"),
    ("kd", "minilm"): ("kd_alpha", "kd_loss"),
    _SOFTENED: ("temperature",),
    ("tang",): ("tang_alpha",),
    ("soft_ce",): ("soft_ce_alpha",),
    ("minilm",): ("minilm_version", "minilm_relation_heads", "minilm_teacher_layer"),
    ("pkd", "pkd_oneflow"): ("pkd_alpha", "pkd_beta"),
    ("pkd",): ("pkd_strategy", "pkd_normalize"),
    ("distilbert",): (
        "distilbert_soft_weight",
        "distilbert_label_weight",
        "distilbert_cosine_weight",
    ),
    ("factor_transfer",): (
        "factor_form",
        "factor_norm",
        "factor_size",
        "factor_weight",
        "paraphraser_epochs",
        "paraphraser_learning_rate",
    ),
    ("similarity",): ("similarity_feature", "similarity_weight", "logit_mse_weight"),
    ("theseus",): ("replace_prob", "scheduler_linear_k", "steps_for_replacing"),
    ("virt",): (
        "use_kd_att",
        "kd_weight_att",
        "kd_att_scale",
        "use_kd_logit_mse",
        "use_kd_logit_kl",
        "kd_weight_logit",
        "use_layer_distill",
        "layer_distill_mode",
        "kd_weight_layer",
        "use_contrast_self",
        "use_contrast_teacher_separately",
        "weight_contrast",
        "contrast_class",
        "contrast_temperature",
    ),
}

METHOD_OPTIONS = (
    *(Readers("method", methods, options) for methods, options in _OF.items()),
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
