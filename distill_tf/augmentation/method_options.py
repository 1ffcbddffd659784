"""Options that the chosen method does not read are refused, not ignored."""

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.errors import DistillError

_OF_MASKED_LM = (
    "init_checkpoint",
    "bert_config_file",
    "vocab_file",
    "do_lower_case",
    "max_seq_length",
    "mlm_batch_size",
)
# A setting, one of its values, and the options that no other value reads.
_READERS = (
    (
        "method",
        "tang",
        ("p_mask", "p_pos", "p_ng", "ngram_min", "ngram_max", "mask_word"),
    ),
    (
        "method",
        "tinybert",
        (
            "p_replace",
            "num_candidates",
            "augment_source",
            "embedding_path",
            *_OF_MASKED_LM,
        ),
    ),
    ("augment_source", "mlm", _OF_MASKED_LM),
)


def check_options(config: AugmentConfig) -> None:
    """Refuses an option of another method than the chosen one.

    Raises:
        DistillError: one has another value than its default.
    """
    defaults = AugmentConfig()
    for setting, reader, options in _READERS:
        chosen = getattr(config, setting)
        for option in options:
            is_default = getattr(config, option) == getattr(defaults, option)
            if chosen != reader and not is_default:
                raise DistillError(
                    f"{option} is for {setting}={reader}, but {setting} is {chosen}; "
                    f"leave it out, or give --{setting}={reader}."
                )
