"""Settings of method factor_transfer."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class FactorTransferOptions(Options):
    """Factors, how they are compared, and the training of the paraphraser."""

    factor_form: str = option(
        "paper",
        "Method factor_transfer: paper compares factors of length 1 by a norm; "
        "source compares them as they are by their mean squared difference.",
        choices=("paper", "source"),
    )
    factor_norm: int = option(
        1, "With factor_form=paper: the norm, 1 or 2.", minimum=1, maximum=2
    )
    factor_size: int = option(
        300, "Method factor_transfer: width of the factors.", minimum=1
    )
    factor_weight: float = option(
        1.0,
        "Method factor_transfer: weight of the factors beside the labels' 1; with 0 no "
        "paraphraser is trained.",
        minimum=0,
    )
    paraphraser_epochs: float = option(
        3.0,
        "Method factor_transfer: epochs of the first stage, which trains the "
        "paraphraser.",
        minimum=0,
    )
    paraphraser_learning_rate: float = option(
        1e-3,
        "Method factor_transfer: peak learning rate of the first stage.",
        minimum=0,
    )
