"""How a student without attention reads: its words, and what they start from."""

from collections.abc import Sequence

import numpy as np
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.pipeline.students.word_pieces import lower_cases
from distill_tf.pipeline.students.word_pieces import own_vocabulary
from distill_tf.pipeline.students.word_pieces import reads_as_the_teacher
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples
from distill_tf.text import Encoder
from distill_tf.text import TextSettings
from distill_tf.text import WordVocabulary
from distill_tf.text import build_encoder
from distill_tf.text import build_splitter
from distill_tf.text import count_vocabulary
from distill_tf.text import load_word_dictionary
from distill_tf.text import measure_coverage
from distill_tf.text.word_vectors import load_word_vectors


def word_encoder(config: DistillConfig, teacher: Teacher, train: Examples) -> Encoder:
    """Texts to words without special tokens, the texts of a pair each by itself.

    WordPieces are the teacher's, if that is a BERT, else those of `vocab_file`. Words
    come from the dictionary at `vocab_path`, or are counted in the training texts; how
    many are known is logged.

    Raises:
        DistillError: a dictionary beside WordPieces, or one that cannot be read, or
            no WordPieces.
    """
    settings = TextSettings(
        do_lower_case=lower_cases(config, teacher),
        max_seq_length=config.student_max_seq_length,
        tokenizer=config.student_tokenizer,
        layout="separate",
    )
    if config.student_tokenizer != "wordpiece":
        return build_encoder(_vocabulary(config, settings, train), settings)
    if config.vocab_path:
        raise DistillError(
            "vocab_path is for words, but student_tokenizer=wordpiece reads the "
            "teacher's pieces; choose whitespace, basic or jieba."
        )
    bert = reads_as_the_teacher(config, teacher)
    vocabulary = bert.encoder.vocabulary if bert else own_vocabulary(config)
    if vocabulary is None:
        raise DistillError(
            "student_tokenizer=wordpiece reads the pieces of the teacher, but there is "
            "no BERT as teacher; give vocab_file, or choose whitespace, basic or jieba."
        )
    return build_encoder(vocabulary, settings)


def _vocabulary(
    config: DistillConfig, settings: TextSettings, train: Examples
) -> WordVocabulary:
    splitter = build_splitter(settings.tokenizer, settings.do_lower_case)
    words = splitter.split_words(all_texts(train))
    if config.vocab_path:
        vocabulary = load_word_dictionary(config.vocab_path)
    else:
        vocabulary = count_vocabulary(words, config.vocab_size)
    logging.info(
        "The student's vocabulary has %d words; of the training texts %s.",
        len(vocabulary),
        measure_coverage(words, vocabulary),
    )
    return vocabulary


def all_texts(examples: Examples) -> Sequence[str]:
    """The texts of both sides."""
    return [*examples.texts_a, *(examples.texts_b or ())]


def pretrained_vectors(config: DistillConfig, encoder: Encoder) -> np.ndarray | None:
    """The word vectors [V, E] of `embedding_path`, if they are asked for.

    Raises:
        DistillError: only one of the two flags, or a file that cannot be used.
    """
    if config.use_pretrained_emb != bool(config.embedding_path):
        raise DistillError(
            "use_pretrained_emb and embedding_path belong together: the one says that "
            "word vectors are the start, the other where they are; give both or none."
        )
    if not config.use_pretrained_emb:
        return None
    words = encoder.vocabulary.tokens
    vectors = load_word_vectors(config.embedding_path, words, config.seed)
    logging.info(
        "%s has vectors of width %d for %.1f %% of the student's %d words.",
        config.embedding_path,
        vectors.matrix.shape[1],
        100 * vectors.found_fraction,
        len(words),
    )
    if config.emb_dim not in (None, vectors.matrix.shape[1]):
        raise DistillError(
            f"emb_dim is {config.emb_dim}, but the vectors of {config.embedding_path} "
            f"have the width {vectors.matrix.shape[1]}; leave emb_dim out."
        )
    return vectors.matrix


def report_size(model, teacher: Teacher) -> None:
    """Logs what the student stores, and warns if it is more than its teacher."""
    own = model.num_parameters
    logging.info(
        "The student has %d parameters, %.1f %% of them in its embeddings.",
        own,
        100 * model.num_embedding_parameters / own,
    )
    if teacher.model is None:
        return
    teachers = teacher.model.num_parameters
    if own > teachers:
        logging.warning(
            "THE STUDENT IS LARGER THAN ITS TEACHER: %d parameters against %d, %d of "
            "them for the %d words of its vocabulary; choose a smaller preset, "
            "vocab_size, vocab_path or emb_dim.",
            own,
            teachers,
            model.num_embedding_parameters,
            model.config.vocab_size,
        )
