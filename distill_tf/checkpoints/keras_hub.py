"""KerasHub presets of BERT: built-in names, and folders that save_to_preset wrote."""

from pathlib import Path

import keras
import numpy as np
from absl import logging

from distill_tf.checkpoints.arrays import as_float32
from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.vocabulary_files import find_tokens
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig

_WEIGHTS = ("model.weights.h5", "model.weights.json", "task.weights.h5")
_VOCABULARY_FILE = "assets/tokenizer/vocabulary.txt"
_KAGGLE = "kaggle://"

_EMBEDDINGS = {
    "word_embeddings": "token_embedding/embeddings",
    "position_embeddings": "position_embedding/embeddings",
    "token_type_embeddings": "segment_embedding/embeddings",
    "LayerNorm/gamma": "embeddings_layer_norm/gamma",
    "LayerNorm/beta": "embeddings_layer_norm/beta",
}
_LAYER = {
    "attention/self/query": "self_attention_layer/query",
    "attention/self/key": "self_attention_layer/key",
    "attention/self/value": "self_attention_layer/value",
    "attention/output/dense": "self_attention_layer/attention_output",
    "attention/output/LayerNorm": "self_attention_layer_norm",
    "intermediate/dense": "feedforward_intermediate_dense",
    "output/dense": "feedforward_output_dense",
    "output/LayerNorm": "feedforward_layer_norm",
}
_POOLER = {
    "dense/kernel": "pooled_dense/kernel",
    "dense/bias": "pooled_dense/bias",
}


def keras_hub_name(canonical: str) -> str:
    """The path of KerasHub's variable for a canonical name of an encoder's weight.

    Raises:
        KeyError: the name is not one of a BERT encoder or pooler.
    """
    group, _, rest = canonical.removeprefix("bert/").partition("/")
    if group != "encoder":
        return {"embeddings": _EMBEDDINGS, "pooler": _POOLER}[group][rest]
    layer, _, rest = rest.partition("/")
    block, _, variable = rest.rpartition("/")
    number = layer.removeprefix("layer_")
    return f"transformer_layer_{number}/{_LAYER[block]}/{variable}"


def is_keras_hub_folder(path: Path) -> bool:
    """Whether the folder is one that KerasHub's save_to_preset wrote."""
    return (path / "config.json").is_file() and any(
        (path / name).is_file() for name in _WEIGHTS
    )


def preset_class(folder: Path) -> str | None:
    """The class that a preset was saved from, a task or a backbone."""
    task = folder / "task.json"
    described = task if task.is_file() else folder / "config.json"
    return read_json_object(described).get("class_name")


def load_preset(folder: Path, model_class: type[keras.Model]) -> keras.Model:
    """Builds the class and loads its weights; a preset holds no code.

    Raises:
        DistillError: the preset is damaged.
    """
    try:
        return model_class.from_preset(str(folder))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DistillError(
            f"the KerasHub preset {folder} cannot be loaded ({error}); save or fetch "
            "it again."
        ) from error


def is_keras_hub_name(name: str) -> bool:
    """Whether KerasHub knows the name as a BERT preset, or it is a Kaggle handle."""
    if name.startswith(_KAGGLE):
        return True
    import keras_hub

    return name in keras_hub.models.BertBackbone.presets


def fetch_keras_hub_preset(name: str) -> Path:
    """Downloads a preset from Kaggle into its cache, unless it is there.

    Raises:
        DistillError: Kaggle cannot be reached or refuses.
    """
    import kagglehub
    import keras_hub

    presets = keras_hub.models.BertBackbone.presets
    handle = name if name.startswith(_KAGGLE) else presets[name]["kaggle_handle"]
    try:
        return Path(kagglehub.model_download(handle.removeprefix(_KAGGLE)))
    # Network failures, refusals (subclasses of OSError) and malformed handles.
    except (OSError, ValueError) as error:
        raise DistillError(
            f"the KerasHub preset {name} cannot be fetched from Kaggle ({error}); "
            "fetch it where there is a network and give the path of its folder."
        ) from error


def load_keras_hub_checkpoint(
    folder: str | Path,
    bert_config_file: str | Path | None = None,
    vocab_file: str | Path | None = None,
) -> BertCheckpoint:
    """Reads a preset of BertBackbone or BertTextClassifier.

    KerasHub computes every BERT with the tanh GELU and a layer-norm epsilon of
    1e-12, so that is what the configuration says, also for presets that were
    converted from models of another GELU.

    Args:
        folder: see `is_keras_hub_folder`.
        bert_config_file: must be None: the sizes are the backbone's.
        vocab_file: default the preset's own vocabulary, which may be absent.

    Raises:
        DistillError: the preset is not a BERT, or is damaged.
    """
    folder = Path(folder)
    if bert_config_file is not None:
        raise DistillError(
            f"{folder} is a KerasHub preset, which has its own configuration, but "
            f"{bert_config_file} was given too; leave it out."
        )
    model = _load_model(folder)
    backbone = getattr(model, "backbone", model)
    config = _config(backbone)
    weights = _weights(backbone, config, str(folder))
    has_head = model is not backbone
    if has_head:
        weights.update(_head(model, str(folder)))
    return BertCheckpoint(
        config=config,
        weights=weights,
        source=str(folder),
        tokens=find_tokens(folder, (_VOCABULARY_FILE,), vocab_file),
        do_lower_case=_read_lower_case(folder / "tokenizer.json", has_head),
        pooling_strategy="cls" if has_head else None,
    )


def _load_model(folder: Path) -> keras.Model:
    import keras_hub

    class_name = preset_class(folder)
    classes = {
        "BertBackbone": keras_hub.models.BertBackbone,
        "BertTextClassifier": keras_hub.models.BertTextClassifier,
    }
    if class_name not in classes:
        # Any other task, such as masked language modelling, still has a backbone.
        class_name = read_json_object(folder / "config.json").get("class_name")
    if class_name not in classes:
        raise DistillError(
            f"{folder} was expected to hold a KerasHub BERT, but holds {class_name}; "
            f"give a preset of {' or '.join(classes)}."
        )
    return load_preset(folder, classes[class_name])


def _config(backbone: keras.Model) -> BertConfig:
    return BertConfig(
        vocab_size=backbone.vocabulary_size,
        hidden_size=backbone.hidden_dim,
        num_hidden_layers=backbone.num_layers,
        num_attention_heads=backbone.num_heads,
        intermediate_size=backbone.intermediate_dim,
        hidden_act="gelu_tanh",
        hidden_dropout_prob=backbone.dropout,
        attention_probs_dropout_prob=backbone.dropout,
        max_position_embeddings=backbone.max_sequence_length,
        type_vocab_size=backbone.num_segments,
        layer_norm_eps=1e-12,
    )


def _weights(
    backbone: keras.Model, config: BertConfig, source: str
) -> dict[str, np.ndarray]:
    """The encoder's weights; KerasHub splits the attention's axes by head."""
    variables = {variable.path: variable for variable in backbone.variables}
    return {
        row.name: as_float32(
            variables[keras_hub_name(row.name)].numpy(), row.name, source
        ).reshape(row.shape_under(config))
        for row in encoder_weights(config)
    }


def _head(classifier: keras.Model, source: str) -> dict[str, np.ndarray]:
    variables = {variable.path: variable for variable in classifier.variables}
    kernel = variables["logits/kernel"].numpy()
    bias = variables["logits/bias"].numpy()
    return {
        name: as_float32(array, name, source)
        for name, array in zip(HEAD_NAMES, (kernel.T, bias), strict=True)
    }


def _read_lower_case(tokenizer: Path, is_fine_tuned: bool) -> bool | None:
    if not tokenizer.is_file():
        return None
    config = read_json_object(tokenizer).get("config", {})
    lower_case = config.get("lowercase")
    if is_fine_tuned and lower_case and not config.get("strip_accents", True):
        logging.warning(
            "%s keeps accents in lower-cased text, as BERT does not; on words with "
            "accents this model was trained on other tokens than it is given here.",
            tokenizer,
        )
    return lower_case
