"""Options that a kind of student does not read are refused, not ignored."""

from distill_tf.config import DistillConfig
from distill_tf.config.bert_student import DEFAULT_SIZES
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.errors import DistillError

_WORD_TYPES = ("bilstm", "static")
_BERT_TYPES = ("tinybert", "bert_pkd", "theseus", *TOWER_TYPES)
# The kinds that read an option. Without a value, it is None, "" or False.
_READERS = {
    **dict.fromkeys(
        (*DEFAULT_SIZES, "init_checkpoint_student", "layer_list", "from_scratch"),
        _BERT_TYPES,
    ),
    **dict.fromkeys(
        (
            "student_tokenizer",
            "student_max_seq_length",
            "vocab_path",
            "use_pretrained_emb",
            "embedding_path",
            "emb_dim",
            "fc_size",
            "dropout_prob",
            "pair_features",
        ),
        _WORD_TYPES,
    ),
    **dict.fromkeys(
        ("lstm_hidden_size", "lstm_num_layers", "bidirectional", "student_pooling"),
        ("bilstm",),
    ),
    "compress_ratio": ("theseus",),
}


def check_options(config: DistillConfig) -> None:
    """Refuses an option of another kind of student.

    Raises:
        DistillError: one is given.
    """
    for option, readers in _READERS.items():
        value = getattr(config, option)
        if value not in (None, "", False) and config.model_type not in readers:
            raise DistillError(
                f"{option} is for model_type={' or '.join(readers)}, but model_type is "
                f"{config.model_type}; leave it out."
            )
