"""The recurrent student."""

from typing import Any

import numpy as np

from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.bilstm_presets import BILSTM_PRESETS
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.students.word_pieces import reads_as_the_teacher
from distill_tf.pipeline.students.words import pretrained_vectors
from distill_tf.pipeline.students.words import report_size
from distill_tf.pipeline.students.words import word_encoder
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples
from distill_tf.text import Encoder

_FIELDS = {
    "emb_dim": "embedding_size",
    "train_embeddings": "train_embeddings",
    "lstm_hidden_size": "hidden_size",
    "lstm_num_layers": "num_layers",
    "bidirectional": "bidirectional",
    "student_pooling": "pooling",
    "fc_size": "dense_size",
    "dropout_prob": "dropout_prob",
    "pair_features": "pair_features",
}


def bilstm_student(config: DistillConfig, teacher: Teacher, train: Examples) -> Student:
    """A BiLSTM of the preset's size, changed where single options say so.

    Its embeddings start from random numbers, from word vectors, or, in the preset
    bert_embedding, from the teacher's.

    Raises:
        DistillError: options that do not fit together, or a file that cannot be used.
    """
    encoder = word_encoder(config, teacher, train)
    vectors = _start_vectors(config, teacher, encoder)
    sizes: dict[str, Any] = dict(BILSTM_PRESETS[config.student_preset])
    for option, field in _FIELDS.items():
        if getattr(config, option) is not None:
            sizes[field] = getattr(config, option)
    if vectors is not None:
        sizes["embedding_size"] = vectors.shape[1]
    model_config = BiLstmConfig(
        vocab_size=len(encoder.vocabulary), is_pair=teacher.labels.is_pair, **sizes
    )

    def new_model(precision: str) -> BiLstmClassifier:
        model = BiLstmClassifier(
            model_config, teacher.labels.num_outputs, dtype=precision
        )
        if vectors is not None:
            model.set_embeddings(vectors)
        return model

    report_size(new_model("float32"), teacher)
    return Student(encoder, teacher.labels, new_model, config.seed)


def _start_vectors(
    config: DistillConfig, teacher: Teacher, encoder: Encoder
) -> np.ndarray | None:
    vectors = pretrained_vectors(config, encoder)
    if vectors is not None or config.student_preset != "bert_embedding":
        return vectors
    if config.student_tokenizer != "wordpiece":
        raise DistillError(
            "student_preset=bert_embedding starts from the teacher's embeddings, which "
            f"need student_tokenizer=wordpiece, but it is {config.student_tokenizer}; "
            "choose another preset, or word vectors by embedding_path."
        )
    bert = reads_as_the_teacher(config, teacher)
    if bert is None:
        raise DistillError(
            "student_preset=bert_embedding starts from the embeddings of a BERT whose "
            "pieces the student reads, but no such BERT teaches; choose another "
            "preset, or word vectors by embedding_path."
        )
    return named_weights(bert.model)["bert/embeddings/word_embeddings"]
