"""Settings of the prediction of masked words."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class MaskedLmOptions(Options):
    """How many words are masked, and what is learnt from their prediction."""

    masked_lm_probability: float = option(
        0.0,
        "Share of the tokens that are masked and predicted, beside what the method "
        "compares; BERT and DistilBERT have 0.15. 0 masks none. The teacher needs its "
        "masked-language-model head.",
        minimum=0,
        maximum=1,
    )
    masked_lm_soft_weight: float = option(
        5.0, "Weight of the teacher's predictions of masked tokens.", minimum=0
    )
    masked_lm_label_weight: float = option(
        2.0, "Weight of the masked tokens themselves.", minimum=0
    )
    masked_lm_temperature: float = option(
        2.0, "Softens the predictions of masked tokens.", minimum=1e-3
    )
