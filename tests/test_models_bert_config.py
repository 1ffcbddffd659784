"""The encoder's configuration."""

import json

import pytest
from tiny_bert import CONFIG

from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig


def test_round_trip_through_json(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG.to_dict()), "utf-8")
    assert BertConfig.load(path) == CONFIG
    assert CONFIG.head_size == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vocab_size": 0}, "vocab_size .* at least 1, but is 0"),
        ({"num_hidden_layers": True}, "num_hidden_layers .* but is True"),
        ({"hidden_size": 12.0}, "hidden_size .* whole number .* 12.0"),
        ({"hidden_dropout_prob": 1.0}, r"hidden_dropout_prob .* \[0, 1\)"),
        ({"attention_probs_dropout_prob": -0.1}, "attention_probs_dropout_prob"),
        ({"num_attention_heads": 5}, r"hidden_size \(12\) .* num_attention_heads \(5"),
        ({"hidden_act": "gelu"}, "hidden_act must be one of gelu_erf, .* 'gelu'"),
        ({"layers": 3}, "has no layers"),
    ],
    ids=str,
)
def test_a_wrong_value_is_named(change, message):
    with pytest.raises(DistillError, match=message):
        BertConfig.from_dict({**CONFIG.to_dict(), **change})
