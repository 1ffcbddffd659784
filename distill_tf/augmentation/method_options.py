"""Which options a method of augmentation reads."""

from distill_tf.config.unread_options import Readers

_OF_MASKED_LM = (
    "init_checkpoint",
    "bert_config_file",
    "vocab_file",
    "do_lower_case",
    "max_seq_length",
    "mlm_batch_size",
)

METHOD_OPTIONS = (
    Readers(
        "method",
        ("tang",),
        ("p_mask", "p_pos", "p_ng", "ngram_min", "ngram_max", "mask_word"),
    ),
    Readers(
        "method",
        ("tinybert",),
        (
            "p_replace",
            "num_candidates",
            "augment_source",
            "embedding_path",
            *_OF_MASKED_LM,
        ),
    ),
    Readers("augment_source", ("mlm",), _OF_MASKED_LM),
)
