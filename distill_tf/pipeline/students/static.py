"""The student without any sequence model."""

from collections.abc import Sequence

import numpy as np
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.models.static_classifier import StaticClassifier
from distill_tf.models.static_config import StaticConfig
from distill_tf.models.static_vectors import frequency_weights
from distill_tf.models.static_vectors import static_vectors
from distill_tf.models.static_vectors import teacher_vectors
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.students.words import all_texts
from distill_tf.pipeline.students.words import pretrained_vectors
from distill_tf.pipeline.students.words import report_size
from distill_tf.pipeline.students.words import word_encoder
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.teachers import bert_of
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.text import Encoder
from distill_tf.text import encode_all

_FIELDS = {
    "train_embeddings": "train_embeddings",
    "fc_size": "dense_size",
    "dropout_prob": "dropout_prob",
    "pair_features": "pair_features",
}


def static_student(config: DistillConfig, teacher: Teacher, train: Examples) -> Student:
    """One vector a token and an MLP.

    The vectors start from word vectors, if they are given, else from what the teacher
    makes of each token alone: reduced by PCA to `emb_dim`, 256 if not given, and
    scaled by how rare the token is in the training texts. Without a BERT as teacher
    they are random, and `emb_dim` says how wide.

    Raises:
        DistillError: options that do not fit together, or a file that cannot be used.
    """
    encoder = word_encoder(config, teacher, train)
    vectors = pretrained_vectors(config, encoder)
    if vectors is None:
        vectors = _vectors_of_the_teacher(config, teacher, encoder, train)
    model_config = StaticConfig(
        vocab_size=len(encoder.vocabulary),
        embedding_size=config.emb_dim if vectors is None else vectors.shape[1],
        is_pair=teacher.labels.is_pair,
        **{
            field: getattr(config, option)
            for option, field in _FIELDS.items()
            if getattr(config, option) is not None
        },
    )

    def new_model(precision: str) -> StaticClassifier:
        model = StaticClassifier(
            model_config, teacher.labels.num_outputs, dtype=precision
        )
        if vectors is not None:
            model.set_embeddings(vectors)
        return model

    report_size(new_model("float32"), teacher)
    return Student(encoder, teacher.labels, new_model, config.seed)


def _vectors_of_the_teacher(
    config: DistillConfig,
    teacher: Teacher,
    encoder: Encoder,
    train: Examples,
) -> np.ndarray | None:
    bert = bert_of(teacher)
    if bert is None:
        if config.emb_dim:
            return None
        raise DistillError(
            "a static student starts from what a BERT makes of its tokens, but no BERT "
            "teaches; give word vectors by embedding_path, or emb_dim to start from "
            "random ones."
        )
    vocabulary = bert.encoder.vocabulary
    logging.info("Asking the teacher for %d tokens.", len(encoder.vocabulary))
    vectors = teacher_vectors(
        bert.model,
        _pieces(bert, encoder),
        vocabulary.cls_id,
        vocabulary.sep_id,
    )
    ids = encode_all(encoder, all_texts(train)).token_ids
    counts = np.bincount(ids, minlength=len(vectors))
    size = config.emb_dim or min(StaticConfig.embedding_size, *vectors.shape)
    return static_vectors(vectors, size, frequency_weights(counts))


def _pieces(bert: Predictor, encoder: Encoder) -> Sequence[Sequence[int]]:
    """The BERT's pieces of each token of the student."""
    tokens = encoder.vocabulary.tokens
    if tokens == bert.encoder.vocabulary.tokens:
        return [[i] for i in range(len(tokens))]
    return bert.encoder.tokenizer(list(tokens)).to_list()
