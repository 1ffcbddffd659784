"""The table of Hugging Face's names."""

import pytest
from tiny_bert import CONFIG

from distill_tf.checkpoints.huggingface_names import canonical_name
from distill_tf.checkpoints.huggingface_names import huggingface_name
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.checkpoints.weight_table import encoder_weights

CANONICAL = [*(row.name for row in encoder_weights(CONFIG)), *HEAD_NAMES]


@pytest.mark.parametrize(
    ("canonical", "name", "is_transposed"),
    [
        (
            "bert/embeddings/word_embeddings",
            "bert.embeddings.word_embeddings.weight",
            False,
        ),
        (
            "bert/encoder/layer_11/attention/self/query/kernel",
            "bert.encoder.layer.11.attention.self.query.weight",
            True,
        ),
        (
            "bert/encoder/layer_0/output/LayerNorm/gamma",
            "bert.encoder.layer.0.output.LayerNorm.weight",
            False,
        ),
        ("bert/pooler/dense/bias", "bert.pooler.dense.bias", False),
        ("output_weights", "classifier.weight", False),
    ],
)
def test_name(canonical, name, is_transposed):
    assert huggingface_name(canonical) == (name, is_transposed)


def test_unknown_name():
    with pytest.raises(KeyError):
        huggingface_name("cls/predictions/output_bias")


def test_names_are_those_of_transformers():
    transformers = pytest.importorskip("transformers")
    model = transformers.BertForSequenceClassification(
        transformers.BertConfig(
            vocab_size=37,
            hidden_size=12,
            num_hidden_layers=2,
            num_attention_heads=3,
            intermediate_size=20,
        )
    )
    assert {huggingface_name(name).name for name in CANONICAL} == set(
        model.state_dict()
    )


@pytest.mark.parametrize("canonical", CANONICAL)
def test_canonical_name_is_the_inverse(canonical):
    assert canonical_name(huggingface_name(canonical).name) == canonical


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("pooler.dense.weight", "bert/pooler/dense/kernel"),
        (
            "encoder.layer.10.output.LayerNorm.gamma",
            "bert/encoder/layer_10/output/LayerNorm/gamma",
        ),
        ("bert.embeddings.LayerNorm.beta", "bert/embeddings/LayerNorm/beta"),
        ("bert.embeddings.position_ids", None),
        ("bert.encoder.layer.0.crossattention.self.query.weight", None),
        ("cls.predictions.bias", None),
        ("word_embeddings", None),
    ],
)
def test_canonical_name_of_files_of_all_ages(name, canonical):
    assert canonical_name(name) == canonical
