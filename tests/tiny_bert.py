"""Small random BERT checkpoints on disk, in the formats that the toolkit reads."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from distill_tf.checkpoints.google import save_google_checkpoint
from distill_tf.checkpoints.huggingface_names import huggingface_name
from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.models.bert_config import BertConfig

TOKENS = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *"abcdefghijklmnopqrstuvwxyz",
    *("##a", "##b", "##c", "##d", "##e", "##f"),
)
CONFIG = BertConfig(
    vocab_size=37,
    hidden_size=12,
    num_hidden_layers=2,
    num_attention_heads=3,
    intermediate_size=20,
    max_position_embeddings=19,
    type_vocab_size=2,
)
NUM_CLASSES = 5


def random_weights(seed: int = 0, config: BertConfig = CONFIG, head: bool = False):
    """Weights large enough for every part of the encoder to show in its outputs."""
    generator = np.random.default_rng(seed)
    shapes = {row.name: row.shape_under(config) for row in encoder_weights(config)}
    if head:
        shapes["output_weights"] = (NUM_CLASSES, config.hidden_size)
        shapes["output_bias"] = (NUM_CLASSES,)
    return {
        name: generator.normal(float(name.endswith("gamma")), 0.3, shape).astype("f4")
        for name, shape in shapes.items()
    }


def google_config(config: BertConfig = CONFIG, **changes) -> dict:
    """A bert_config.json; a change to None leaves the key out."""
    values = {**asdict(config), "hidden_act": "gelu", "layer_norm_eps": None, **changes}
    return {key: value for key, value in values.items() if value is not None}


def huggingface_config(config: BertConfig = CONFIG, **changes) -> dict:
    values = {**asdict(config), "hidden_act": "gelu", "model_type": "bert", **changes}
    return {key: value for key, value in values.items() if value is not None}


def huggingface_arrays(weights) -> dict[str, np.ndarray]:
    arrays = {}
    for canonical, array in weights.items():
        name, is_transposed = huggingface_name(canonical)
        arrays[name] = np.ascontiguousarray(array.T if is_transposed else array)
    return arrays


def write_google(
    folder: Path, weights, name: str = "bert_model.ckpt", config: dict | None = None
) -> Path:
    """Writes checkpoint, configuration and vocabulary; gives the prefix."""
    save_google_checkpoint(folder / name, weights)
    write_json(folder / "bert_config.json", config or google_config())
    write_tokens(folder / "vocab.txt")
    return folder / name


def write_huggingface(folder: Path, arrays, config: dict | None = None) -> Path:
    """Writes config.json, model.safetensors and vocab.txt; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(arrays, folder / "model.safetensors")
    write_json(folder / "config.json", config or huggingface_config())
    write_tokens(folder / "vocab.txt")
    return folder


def write_json(path: Path, values) -> None:
    path.write_text(json.dumps(values), "utf-8")


def write_tokens(path: Path, tokens=TOKENS) -> None:
    path.write_text("".join(f"{token}\n" for token in tokens), "utf-8")


def assert_same_weights(found, expected) -> None:
    """Same names, same bits."""
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == np.float32, name
        np.testing.assert_array_equal(found[name], array, err_msg=name, strict=True)
