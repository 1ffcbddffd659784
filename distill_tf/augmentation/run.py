"""From a configuration to the file of new training examples."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from absl import logging

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.config import AugmentConfig
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.language import build_analyzer
from distill_tf.augmentation.language import detect_language
from distill_tf.augmentation.method_options import METHOD_OPTIONS
from distill_tf.augmentation.new_examples import new_examples
from distill_tf.augmentation.new_examples import texts_of
from distill_tf.augmentation.rewriter import Rewriter
from distill_tf.augmentation.split_file import AugmentedSplit
from distill_tf.augmentation.tang import TangRewriter
from distill_tf.augmentation.tang import TangSettings
from distill_tf.augmentation.tinybert import DEFAULT_TRIES
from distill_tf.augmentation.tinybert import TRIES
from distill_tf.augmentation.tinybert import TinyBertRewriter
from distill_tf.augmentation.vector_candidates import LoadVectors
from distill_tf.augmentation.vector_candidates import add_vector_candidates
from distill_tf.augmentation.versions import Strategy
from distill_tf.augmentation.versions import rewrite_each_side
from distill_tf.augmentation.versions import rewrite_one_or_both
from distill_tf.augmentation.versions import rewrite_text
from distill_tf.config.unread_options import refuse_unread
from distill_tf.errors import DistillError
from distill_tf.files import check_writable
from distill_tf.tasks import Task
from distill_tf.tasks import build_task

# castorini/d-bert's tries for single texts and for pairs.
_TANG_TRIES = 20
_TANG_PAIR_TRIES = 10


def augment(config: AugmentConfig) -> Path:
    """Writes the training examples of a task and new versions of them.

    Beside the file goes `<name>_config.json` with the settings.

    Returns:
        The file.

    Raises:
        DistillError: a mistake in the configuration, the data or a checkpoint.
    """
    refuse_unread(config, METHOD_OPTIONS)
    task = build_task(config)
    split = AugmentedSplit.locate(task, config.data_dir, config.output)
    check_writable(split.path.parent, "output" if config.output else "data_dir")
    _check_sources(config)
    examples = task.load(
        config.data_dir or None, "train", config.max_train_examples or None
    )
    texts = texts_of(examples)
    language = config.language
    if language == "auto":
        language = detect_language(texts)
    config = config.replace(language=language, n_iter=_tries(config, task))
    tagged = config.method == "tang" and config.p_pos > 0
    logging.info("Splitting %d %s texts into words.", len(texts), language)
    corpus = Corpus.analyse(texts, build_analyzer(language, tagged))
    rewriter = _build_rewriter(config, corpus)
    new = new_examples(
        examples, rewriter, _strategy(config, task), config.n_iter, config.seed
    )
    count = split.write(examples, new)
    config.save(split.path.with_name(f"{split.path.stem}_config.json"))
    logging.info("%s: %d examples and %d new ones.", split.path, len(examples), count)
    return split.path


def _check_sources(config: AugmentConfig) -> None:
    """Finds out before the work whether what TinyBERT's method needs is given."""
    if config.method != "tinybert":
        return
    if config.augment_source == "mlm" and not config.init_checkpoint:
        raise DistillError(
            "augment_source=mlm needs a pre-trained BERT with its masked-language-"
            "model head; give --init_checkpoint, or take --augment_source=vectors."
        )
    if config.augment_source == "vectors" and not config.embedding_path:
        raise DistillError(
            "augment_source=vectors needs word vectors; give --embedding_path, a "
            "GloVe or word2vec file."
        )


def _tries(config: AugmentConfig, task: Task) -> int:
    if config.n_iter is not None:
        return config.n_iter
    if config.method == "tinybert":
        return TRIES.get(task.name, DEFAULT_TRIES)
    return _TANG_PAIR_TRIES if task.is_pair else _TANG_TRIES


def _strategy(config: AugmentConfig, task: Task) -> Strategy:
    if not task.is_pair:
        return rewrite_text
    return rewrite_one_or_both if config.method == "tang" else rewrite_each_side


def _build_rewriter(config: AugmentConfig, corpus: Corpus) -> Rewriter:
    if config.method == "tang":
        values = {name: getattr(config, name) for name in TangSettings._fields}
        return TangRewriter(corpus, TangSettings(**values))
    candidates = Candidates(corpus)
    if config.embedding_path:
        add_vector_candidates(
            candidates, corpus, _vector_loader(config), config.num_candidates
        )
    if config.augment_source == "mlm":
        _ask_masked_lm(config, candidates, corpus)
    return TinyBertRewriter(corpus, candidates, config.p_replace)


def _vector_loader(config: AugmentConfig) -> LoadVectors:
    # Like the model below it brings TensorFlow, which other runs need not wait for.
    from distill_tf.text.word_vectors import load_word_vectors

    def load(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        vectors = load_word_vectors(config.embedding_path, words)
        return vectors.matrix, vectors.found

    return load


def _ask_masked_lm(
    config: AugmentConfig, candidates: Candidates, corpus: Corpus
) -> None:
    """What the vectors said stays for words that the model cannot judge."""
    from distill_tf.augmentation.masked_lm import load_masked_lm
    from distill_tf.augmentation.masked_lm_candidates import add_masked_lm_candidates

    if not config.embedding_path:
        logging.info(
            "Words of several pieces stay as they are; --embedding_path replaces them "
            "too."
        )
    model = load_masked_lm(
        config.init_checkpoint,
        max_length=config.max_seq_length,
        bert_config_file=config.bert_config_file,
        vocab_file=config.vocab_file,
        do_lower_case=config.do_lower_case,
    )
    add_masked_lm_candidates(
        candidates, corpus, model, config.num_candidates, config.mlm_batch_size
    )
