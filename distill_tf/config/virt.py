"""Settings of the method virt, under the names of its authors' flags."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class VirtOptions(Options):
    """What two towers learn from a cross-encoder beside the labels, and how much."""

    use_kd_att: bool | None = option(
        None,
        "Method virt: learn the teacher's attention from text to text; by default if "
        "kd_weight_att is above 0.",
        aliases=("use_virt",),
    )
    kd_weight_att: float = option(
        700.0,
        "Method virt: weight of the attention maps, on the scale of VIRT's code: a "
        "mean over queries and keys of the full length.",
        minimum=0,
    )
    kd_att_scale: str = option(
        "mean",
        "Method virt: what kd_weight_att multiplies: the mean (weights of 400 to 700), "
        "or that times 12 and the tokens of the query's tower (sum; weights of 0.1 to "
        "1, as in the folder open of VIRT's code).",
        choices=("mean", "sum"),
    )
    use_kd_logit_mse: bool = option(
        False, "Method virt: also learn the teacher's logits, by squared difference."
    )
    use_kd_logit_kl: bool = option(
        False, "Method virt: also learn the teacher's predictions, by divergence."
    )
    kd_weight_logit: float = option(
        0.4,
        "Method virt: weight of use_kd_logit_mse or use_kd_logit_kl.",
        minimum=0,
    )
    use_layer_distill: bool = option(
        False,
        "Method virt: also learn the direction of the mean hidden state, in every "
        "layer.",
    )
    layer_distill_mode: str = option(
        "direct_mean",
        "With use_layer_distill: the mean over both towers' tokens (direct_mean), or "
        "both means through a trained map (map_mean).",
        choices=("direct_mean", "map_mean"),
    )
    kd_weight_layer: float = option(
        0.3, "With use_layer_distill: its weight; a sum over layers.", minimum=0
    )
    use_contrast_self: bool = option(
        False,
        "Method virt: also learn to find the second text of a pair of contrast_class "
        "among those of the batch.",
    )
    use_contrast_teacher_separately: bool = option(
        False,
        "Method virt: also learn to find, by the teacher's mean hidden state of a "
        "text, the tower's among those of the batch.",
    )
    weight_contrast: float = option(
        0.3,
        "Method virt: weight of use_contrast_self and of "
        "use_contrast_teacher_separately, means over layers.",
        minimum=0,
    )
    contrast_class: int | None = option(
        None,
        "With use_contrast_self: the class, counted from 0, of texts that belong "
        "together; by default entailment, or 1 of the classes 0 and 1.",
        minimum=0,
    )
    contrast_temperature: float = option(
        0.05, "Divides the cosines of both contrastive losses.", minimum=1e-3
    )
