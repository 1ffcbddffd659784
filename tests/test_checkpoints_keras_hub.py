"""KerasHub presets: what is read, and what is refused."""

import os
from pathlib import Path

import kagglehub
import keras_hub
import pytest
from tiny_bert import CONFIG
from tiny_bert import NUM_CLASSES
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import google_config
from tiny_bert import huggingface_arrays
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_json

from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.huggingface import load_huggingface_checkpoint
from distill_tf.checkpoints.keras_hub import fetch_keras_hub_preset
from distill_tf.checkpoints.keras_hub import is_keras_hub_name
from distill_tf.checkpoints.keras_hub import keras_hub_name
from distill_tf.checkpoints.keras_hub import load_keras_hub_checkpoint
from distill_tf.errors import DistillError

# Keras itself, saving a variable under numpy 2.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)


def backbone_with(weights):
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=37,
        num_layers=2,
        num_heads=3,
        hidden_dim=12,
        intermediate_dim=20,
        max_sequence_length=19,
        num_segments=2,
    )
    variables = {variable.path: variable for variable in backbone.variables}
    for name, array in weights.items():
        if name.startswith("bert/"):
            variable = variables[keras_hub_name(name)]
            variable.assign(array.reshape(variable.shape))
    return backbone


def classifier_with(weights):
    tokenizer = keras_hub.tokenizers.BertTokenizer(
        vocabulary=list(TOKENS), lowercase=True
    )
    classifier = keras_hub.models.BertTextClassifier(
        backbone=backbone_with(weights),
        num_classes=NUM_CLASSES,
        preprocessor=keras_hub.models.BertTextClassifierPreprocessor(
            tokenizer, sequence_length=19
        ),
    )
    variables = {variable.path: variable for variable in classifier.variables}
    variables["logits/kernel"].assign(weights["output_weights"].T)
    variables["logits/bias"].assign(weights["output_bias"])
    return classifier


def save_preset(model, folder: Path) -> Path:
    model.save_to_preset(str(folder))
    return folder


def test_backbone(tmp_path):
    weights = random_weights()
    checkpoint = load_keras_hub_checkpoint(
        save_preset(backbone_with(weights), tmp_path / "preset")
    )
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.config == CONFIG
    assert checkpoint.tokens is None
    assert checkpoint.do_lower_case is None
    assert checkpoint.pooling_strategy is None


def test_classifier(tmp_path):
    weights = random_weights(head=True)
    checkpoint = load_keras_hub_checkpoint(
        save_preset(classifier_with(weights), tmp_path / "preset")
    )
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.tokens == TOKENS
    assert checkpoint.do_lower_case is True
    assert checkpoint.pooling_strategy == "cls"


def test_three_formats_give_the_same_weights(tmp_path):
    weights = random_weights(head=True)
    folder = write_huggingface(tmp_path / "hf", huggingface_arrays(weights))
    preset = save_preset(classifier_with(weights), tmp_path / "preset")
    google = load_google_checkpoint(write_google(tmp_path / "google", weights))
    assert_same_weights(load_huggingface_checkpoint(folder).weights, google.weights)
    assert_same_weights(load_keras_hub_checkpoint(preset).weights, google.weights)


def test_other_architecture(tmp_path):
    write_json(tmp_path / "config.json", {"class_name": "RobertaBackbone"})
    with pytest.raises(DistillError, match="holds RobertaBackbone"):
        load_keras_hub_checkpoint(tmp_path)


def test_truncated_weights(tmp_path):
    preset = save_preset(backbone_with(random_weights()), tmp_path / "preset")
    file = preset / "model.weights.h5"
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(DistillError, match="preset .* cannot be loaded"):
        load_keras_hub_checkpoint(preset)


def test_configuration_must_not_be_given(tmp_path):
    preset = save_preset(backbone_with(random_weights()), tmp_path / "preset")
    config = tmp_path / "bert_config.json"
    write_json(config, google_config())
    with pytest.raises(DistillError, match="its own configuration, but .*json was"):
        load_keras_hub_checkpoint(preset, config)


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("bert_tiny_en_uncased", True),
        ("kaggle://keras/bert/keras/bert_tiny_en_uncased", True),
        ("bert_of_nobody", False),
    ],
)
def test_names(name, is_known):
    assert is_keras_hub_name(name) is is_known


def test_name_is_fetched_by_its_kaggle_handle(tmp_path, monkeypatch):
    handles = []

    def download(handle):
        handles.append(handle)
        return str(tmp_path)

    monkeypatch.setattr(kagglehub, "model_download", download)
    assert fetch_keras_hub_preset("bert_tiny_en_uncased") == tmp_path
    assert fetch_keras_hub_preset("kaggle://me/bert/keras/mine/1") == tmp_path
    assert handles[0].startswith("keras/bert/keras/bert_tiny_en_uncased")
    assert handles[1] == "me/bert/keras/mine/1"


def test_no_network(monkeypatch):
    def download(handle):
        raise ConnectionError("no network")

    monkeypatch.setattr(kagglehub, "model_download", download)
    with pytest.raises(DistillError, match="bert_tiny_en_uncased cannot be fetched"):
        fetch_keras_hub_preset("bert_tiny_en_uncased")
