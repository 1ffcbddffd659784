"""Which options a kind of student reads."""

from distill_tf.config.bert_student import DEFAULT_SIZES
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.unread_options import Readers

_WORD_TYPES = ("bilstm", "static")
_BERT_TYPES = ("tinybert", "bert_pkd", "theseus", *TOWER_TYPES)

STUDENT_OPTIONS = (
    Readers(
        "model_type",
        _BERT_TYPES,
        (*DEFAULT_SIZES, "init_checkpoint_student", "layer_list", "from_scratch"),
    ),
    Readers(
        "model_type",
        _WORD_TYPES,
        (
            "student_tokenizer",
            "student_max_seq_length",
            "vocab_path",
            "vocab_size",
            "use_pretrained_emb",
            "embedding_path",
            "emb_dim",
            "fc_size",
            "dropout_prob",
            "pair_features",
        ),
    ),
    Readers(
        "model_type",
        ("bilstm",),
        (
            "student_preset",
            "lstm_hidden_size",
            "lstm_num_layers",
            "bidirectional",
            "student_pooling",
        ),
    ),
    Readers("model_type", ("theseus",), ("compress_ratio", "train_head")),
    Readers("model_type", ("theseus", *_WORD_TYPES), ("train_embeddings",)),
    Readers("model_type", TOWER_TYPES, ("use_resnet_predict", "strict_virt")),
    Readers("model_type", ("poly",), ("poly_first_m",)),
    Readers("model_type", ("col",), ("colbert_dim",)),
)
