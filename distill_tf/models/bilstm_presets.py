"""Recurrent students by the name of who published them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_TANG = {
    "embedding_size": 300,
    "pooling": "last",
    "activation": "relu",
    "dropout_prob": 0.1,
    "pair_features": "concat_diff_product",
}

# Fields of `BiLstmConfig`; the vocabulary's size and what a source does not say stay
# open.
BILSTM_PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # Tang et al., arXiv:1903.12136, castorini/d-bert: its SST-2 configuration.
        "tang": {**_TANG, "hidden_size": 150, "dense_size": 200},
        # The same authors' larger one.
        "tang_large": {**_TANG, "hidden_size": 300, "dense_size": 400},
        # PaddleNLP, examples/distill/distill_lstm. Its dropout flag, 0.1 to 0.4 in
        # the commands, reaches no layer there; here it does.
        "paddle": {
            "embedding_size": 300,
            "hidden_size": 300,
            "pooling": "last",
            "dense_size": 300,
            "activation": "tanh",
            "dropout_prob": 0.1,
            "pair_features": "concat_sum_diff",
        },
        # Oneflow-Model-Compression, distil: called a BiLSTM, reads in one direction.
        # 15.37 MB with its 10,003 rows of embeddings.
        "oneflow": {
            "embedding_size": 300,
            "initializer_range": 0.25,
            "hidden_size": 300,
            "bidirectional": False,
            "pooling": "last",
            "forget_bias": 0.0,
            "dense_size": 400,
            "activation": "relu",
            "dropout_prob": 0.5,
        },
        # bestahao/knowledge_distillnation: the teacher's word embeddings, frozen.
        "bert_embedding": {
            "embedding_size": 768,
            "train_embeddings": False,
            "hidden_size": 600,
            "pooling": "max",
            "dense_size": 0,
            "activation": "tanh",
            "dropout_prob": 0.0,
        },
    }
)
