"""Settings of students that encode the two texts of a pair each by itself."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TowerStudentOptions(Options):
    """What joins the towers of --model_type=late_fusion and its rivals."""

    use_resnet_predict: bool | None = option(
        None,
        "A residual layer under the linear one of a two-tower student; by default for "
        "late_fusion alone.",
    )
    poly_first_m: int = option(
        64, "Document tokens that model_type=poly attends to.", minimum=1
    )
    colbert_dim: int = option(
        128, "Width of a token's vector in model_type=col.", minimum=1
    )
    strict_virt: bool = option(
        False,
        "Compute as VIRT's published code where it lets padding take part; every batch "
        "is then padded to the full length.",
    )
