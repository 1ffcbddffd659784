"""Teacher and student of a general distillation, neither with a task's head."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

import keras
import numpy as np
from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.hidden_projection import BIAS
from distill_tf.checkpoints.hidden_projection import KERNEL
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.masked_lm_head import has_masked_lm_head
from distill_tf.checkpoints.masked_lm_head import read_masked_lm_head
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.content_hash import content_hash
from distill_tf.errors import DistillError
from distill_tf.export.google import google_config
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.bert_model import BertModel
from distill_tf.models.masked_lm import BertMaskedLm
from distill_tf.objectives.projections import FIT_DENSE
from distill_tf.pipeline.classifier import FORMATS
from distill_tf.pipeline.classifier import check_positions
from distill_tf.pipeline.students.starting_point import inherited_projection
from distill_tf.pipeline.students.starting_point import starting_point
from distill_tf.pipeline.students.starting_point import student_config
from distill_tf.text.vocabulary import MASK


def load_teacher(config: GeneralConfig) -> BertCheckpoint:
    """The teacher's encoder; a head is left behind.

    Raises:
        DistillError: there is none, or it lacks a vocabulary or positions.
    """
    if not config.init_checkpoint_teacher:
        raise DistillError(
            "general distillation needs a teacher; give --init_checkpoint_teacher, a "
            "pre-trained BERT."
        )
    teacher = load_checkpoint(
        config.init_checkpoint_teacher,
        bert_config_file=config.bert_config_file or None,
        vocab_file=config.vocab_file or None,
        formats=FORMATS,
    )
    check_positions(teacher, config.max_seq_length)
    return teacher.without_head()


def build_teacher(config: GeneralConfig, teacher: BertCheckpoint) -> BertModel:
    """The teacher as a model, in float32.

    Raises:
        DistillError: it is to predict masked words, and has no head or no [MASK].
    """
    model = _model(config, teacher, teacher.config, "float32")
    logging.info("%s", teacher.load_into(model.encoder))
    if isinstance(model, BertMaskedLm):
        mend = "give another teacher, or masked_lm_probability=0"
        model.masked_lm_head.load(read_masked_lm_head(teacher, mend))
        if MASK not in teacher.tokens:
            raise DistillError(
                f"the vocabulary of {teacher.source} has no {MASK}, so no token can be "
                f"masked; {mend}."
            )
    return model


def frozen_copy(
    config: GeneralConfig, checkpoint: BertCheckpoint, teacher: BertModel, policy: str
) -> BertModel:
    """The teacher with the same weights, not to be trained, under a dtype policy."""
    if policy == teacher.dtype_policy.name:
        return teacher
    copy = _model(config, checkpoint, teacher.config, policy)
    copy.set_weights(teacher.get_weights())
    return copy


@dataclass(frozen=True)
class GeneralStudent:
    """A student before its training.

    Attributes:
        build: makes a new one; each is the same.
        hidden_projection: as in `pipeline.students.Student`.
    """

    build: Callable[[], BertModel]
    hidden_projection: Mapping[str, np.ndarray] | None


def general_student(
    config: GeneralConfig, teacher: BertCheckpoint, precision: str
) -> GeneralStudent:
    """What is configured to be trained.

    Its head for masked words, if it has one, starts from where its layers start.

    Raises:
        DistillError: what the student starts from does not fit, or google-research/
            bert's format has no word for the activation.
    """
    start = starting_point(config, config.max_seq_length, teacher)
    base = start.config if start else teacher.config
    model_config = _as_google_has_it(student_config(config, base), base)

    def build() -> BertModel:
        keras.utils.set_random_seed(config.seed)
        model = _model(config, teacher, model_config, precision)
        if start and not config.from_scratch:
            logging.info("%s", start.load_into(model.encoder))
            # Layers of the teacher have no file of their own.
            origin = start if config.init_checkpoint_student else teacher
            if isinstance(model, BertMaskedLm) and has_masked_lm_head(origin):
                model.masked_lm_head.load(read_masked_lm_head(origin))
        return model

    return GeneralStudent(build, inherited_projection(config, start))


def all_weights(model: BertModel) -> dict[str, np.ndarray]:
    """Encoder and, if there is one, head, under google-research/bert's names."""
    weights = named_weights(model.encoder)
    if isinstance(model, BertMaskedLm):
        weights |= model.masked_lm_head.named_weights()
    return weights


def fingerprint(model: BertModel) -> str:
    """The same for the same weights and sizes, whatever precision computes them."""
    weights = all_weights(model)
    return content_hash([model.config.to_dict(), list(weights)], weights.values())


def projection_weights(maps: Mapping[str, keras.layers.Layer]) -> dict[str, np.ndarray]:
    """The map of hidden states to the teacher's width, if there is one, by name.

    A task's training goes on with it, see `checkpoints.hidden_projection`.
    """
    if FIT_DENSE not in maps:
        return {}
    kernel, bias = maps[FIT_DENSE].get_weights()
    return {KERNEL: kernel, BIAS: bias}


def _model(
    config: GeneralConfig,
    teacher: BertCheckpoint,
    model_config: BertConfig,
    precision: str,
) -> BertModel:
    if not config.masked_lm_probability:
        return BertModel(model_config, dtype=precision)
    # Rows of the embeddings that no token belongs to are never predicted.
    return BertMaskedLm(model_config, len(teacher.tokens), dtype=precision)


def _as_google_has_it(config: BertConfig, base: BertConfig) -> BertConfig:
    """The student with the constants of the format that it is written in.

    That has one form of GELU, tanh, where Hugging Face's checkpoints mostly have the
    exact one, and one epsilon; the student learns its weights for them.
    """
    if config.hidden_act == "gelu_erf":
        config = replace(config, hidden_act="gelu_tanh")
    config = replace(config, layer_norm_eps=1e-12)
    try:
        google_config(config)
    except KeyError:
        raise DistillError(
            f"a student takes the activation {base.hidden_act} from its teacher, which "
            "google-research/bert's format cannot hold; give a teacher with gelu, relu "
            "or tanh."
        ) from None
    return config
