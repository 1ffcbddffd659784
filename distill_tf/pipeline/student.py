"""The student: built to the configured size, started as configured."""

from absl import logging

from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import load_named_weights
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.classifier import FORMATS
from distill_tf.predictor import Predictor

_LAYER_PREFIX = "bert/encoder/layer_"


def build_student(
    config: DistillConfig, teacher: Predictor, precision: str
) -> BertClassifier:
    """A BERT of the student's size that reads the teacher's tokens.

    It starts from random weights, from `init_checkpoint_student`, or from the
    teacher's layers in `layer_list`.
    """
    if config.init_checkpoint_student and config.layer_list:
        raise DistillError(
            "init_checkpoint_student and layer_list both say what the student starts "
            "from; give only one of them."
        )
    student = BertClassifier(
        _student_config(config, teacher.model.config),
        teacher.labels.num_outputs,
        pooling_strategy=teacher.model.pooling_strategy,
        dtype=precision,
    )
    if config.init_checkpoint_student:
        checkpoint = load_checkpoint(config.init_checkpoint_student, formats=FORMATS)
        if checkpoint.tokens and checkpoint.tokens != teacher.encoder.vocabulary.tokens:
            raise DistillError(
                f"{checkpoint.source} has another vocabulary than the teacher; give a "
                "student checkpoint that reads the teacher's tokens."
            )
        logging.info("%s", checkpoint.without_head().load_into(student))
    elif config.layer_list:
        layers = _parse_layer_list(config, teacher.model.config.num_hidden_layers)
        weights = weights_of_layers(named_weights(teacher.model), layers)
        load_named_weights(student, weights, source="the teacher")
    return student


def weights_of_layers(weights: dict, layers: tuple[int, ...]) -> dict:
    """The canonical weights of a BERT that has only these layers, renumbered.

    Everything outside of the layers (embeddings, pooler, head) stays.
    """
    chosen = {k: v for k, v in weights.items() if not k.startswith(_LAYER_PREFIX)}
    for new, old in enumerate(layers):
        prefix = f"{_LAYER_PREFIX}{old}/"
        for name, weight in weights.items():
            if name.startswith(prefix):
                rest = name.removeprefix(prefix)
                chosen[f"{_LAYER_PREFIX}{new}/{rest}"] = weight
    return chosen


def _student_config(config: DistillConfig, teacher: BertConfig) -> BertConfig:
    return BertConfig(
        vocab_size=teacher.vocab_size,
        hidden_size=config.student_hidden_size,
        num_hidden_layers=config.student_num_hidden_layers,
        num_attention_heads=config.student_num_attention_heads,
        intermediate_size=config.student_intermediate_size,
        hidden_act=teacher.hidden_act,
        hidden_dropout_prob=teacher.hidden_dropout_prob,
        attention_probs_dropout_prob=teacher.attention_probs_dropout_prob,
        max_position_embeddings=teacher.max_position_embeddings,
        type_vocab_size=teacher.type_vocab_size,
        initializer_range=teacher.initializer_range,
        layer_norm_eps=teacher.layer_norm_eps,
    )


def _parse_layer_list(config: DistillConfig, teacher_layers: int) -> tuple[int, ...]:
    try:
        layers = tuple(int(part) for part in config.layer_list.split(","))
    except ValueError:
        raise DistillError(
            f"layer_list must be numbers separated by commas, such as 0,2,5, but is "
            f"{config.layer_list!r}."
        ) from None
    wrong = [layer for layer in layers if not 0 <= layer < teacher_layers]
    if wrong:
        raise DistillError(
            f"layer_list names the teacher's layer {wrong[0]}, but the teacher has "
            f"layers 0 to {teacher_layers - 1}; correct it."
        )
    if len(layers) != config.student_num_hidden_layers:
        raise DistillError(
            f"layer_list names {len(layers)} layers, but the student has "
            f"{config.student_num_hidden_layers}; set student_num_hidden_layers="
            f"{len(layers)} or correct the list."
        )
    return layers
