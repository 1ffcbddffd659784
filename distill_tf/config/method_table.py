"""Every method by name: what a student learns from, and which options it reads."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from distill_tf.config.unread_options import Readers


@dataclass(frozen=True, kw_only=True)
class MethodEntry:
    """What is known of a method before its stages are built.

    Attributes:
        learns_from: for --help, in a few words.
        options: of the options that not all methods read, those that this one does;
            with another method they are refused.
        compares_layers: it looks into the transformer layers of a student and a teacher
            that read the same row of tokens.
        then_predictions: it does so in its first stage only.
    """

    learns_from: str
    options: tuple[str, ...] = ()
    compares_layers: bool = False
    then_predictions: bool = False


_TWO_STAGES = (
    "intermediate_distill",
    "intermediate_epochs",
    "intermediate_learning_rate",
    "pred_distill",
)
_TINYBERT = (
    "soft_label_weight",
    "hard_label_weight",
    "attention_weight",
    "hidden_weight",
    "attention_form",
    "attention_heads",
    "layer_map",
    "hidden_projection",
    "temperature",
)
_PKD = ("pkd_alpha", "pkd_beta", "hidden_projection", "temperature")

METHOD_TABLE: Mapping[str, MethodEntry] = MappingProxyType(
    {
        "tinybert": MethodEntry(
            learns_from="attention scores and hidden states, then predictions",
            options=(*_TINYBERT, *_TWO_STAGES),
            compares_layers=True,
            then_predictions=True,
        ),
        "tinybert_oneflow": MethodEntry(
            learns_from="all of that at once",
            options=_TINYBERT,
            compares_layers=True,
        ),
        "pkd": MethodEntry(
            learns_from="predictions, labels and the first token's states of several "
            "layers",
            options=(*_PKD, "pkd_strategy", "pkd_normalize"),
            compares_layers=True,
        ),
        "pkd_oneflow": MethodEntry(
            learns_from="predictions, labels and the states of all tokens",
            options=(*_PKD, "layer_map"),
            compares_layers=True,
        ),
        "minilm": MethodEntry(
            learns_from="how tokens relate, then predictions",
            options=(
                "minilm_version",
                "minilm_relation_heads",
                "minilm_teacher_layer",
                "attention_heads",
                "kd_alpha",
                "kd_loss",
                "temperature",
                *_TWO_STAGES,
            ),
            compares_layers=True,
            then_predictions=True,
        ),
        "distilbert": MethodEntry(
            learns_from="predictions, labels and the last states' direction",
            options=(
                "distilbert_soft_weight",
                "distilbert_label_weight",
                "distilbert_cosine_weight",
                "hidden_projection",
                "temperature",
            ),
            compares_layers=True,
        ),
        "kd": MethodEntry(
            learns_from="predictions and labels",
            options=("kd_alpha", "kd_loss", "temperature"),
        ),
        "tang": MethodEntry(learns_from="logits", options=("tang_alpha",)),
        "soft_ce": MethodEntry(
            learns_from="as kd, with OneFlow's weights for LSTMs",
            options=("soft_ce_alpha", "temperature"),
        ),
        "similarity": MethodEntry(
            learns_from="logits and who resembles whom",
            options=("similarity_feature", "similarity_weight", "logit_mse_weight"),
        ),
        "factor_transfer": MethodEntry(
            learns_from="the last states, paraphrased, and labels",
            options=(
                "factor_form",
                "factor_norm",
                "factor_size",
                "factor_weight",
                "paraphraser_epochs",
                "paraphraser_learning_rate",
            ),
        ),
        "theseus": MethodEntry(
            learns_from="labels, amid the teacher's layers",
            options=(
                "replace_prob",
                "scheduler_linear_k",
                "steps_for_replacing",
                *_TWO_STAGES,
            ),
        ),
        "virt": MethodEntry(
            learns_from="labels and a cross-encoder's attention from text to text, for "
            "two towers",
            options=(
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
                "layer_map",
                "temperature",
            ),
        ),
        "none": MethodEntry(learns_from="labels alone"),
    }
)


def method_readers(
    methods: Collection[str] = tuple(METHOD_TABLE),
) -> tuple[Readers, ...]:
    """Which of these methods read each option that is not every method's."""
    options = dict.fromkeys(
        option for method in methods for option in METHOD_TABLE[method].options
    )
    return tuple(
        Readers(
            "method",
            tuple(name for name in methods if option in METHOD_TABLE[name].options),
            (option,),
        )
        for option in options
    )
