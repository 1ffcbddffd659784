"""A BERT classifier for a task, from whatever checkpoint the user has."""

from pathlib import Path

from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.load import CHECKPOINT_FORMATS
from distill_tf.checkpoints.load import CheckpointFormat
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.load import load_untrained
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import POOLER_NAMES
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.pipeline.text_layout import decide_lower_case
from distill_tf.pipeline.text_layout import side_lengths
from distill_tf.predictor import Predictor
from distill_tf.text import Encoder
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder


def _load_run_folder(
    folder: Path, bert_config_file: object, vocab_file: str | Path | None
) -> BertCheckpoint:
    """A finished run's model; its folder has its own configuration and vocabulary."""
    saved = Predictor.load(folder)
    if bert_config_file:
        raise DistillError(
            f"{folder} is a finished run, which has its own configuration; leave out "
            "bert_config_file."
        )
    tokens = saved.encoder.vocabulary.tokens
    if vocab_file and Vocabulary.load(vocab_file).tokens != tokens:
        raise DistillError(
            f"{folder} is a finished run with another vocabulary than {vocab_file}; "
            "leave out vocab_file."
        )
    if not isinstance(saved.model, BertClassifier):
        raise DistillError(
            f"{folder} holds a {type(saved.model).__name__}, but a BERT classifier is "
            "needed here; give a run of run_classifier.py, or one with "
            "model_type=tinybert."
        )
    return BertCheckpoint(
        config=saved.model.config,
        weights=named_weights(saved.model),
        source=str(folder),
        tokens=tokens,
        do_lower_case=saved.encoder.settings.do_lower_case,
        labels=saved.labels.names or None,
        pooling_strategy=saved.model.pooling_strategy,
        side_lengths=side_lengths(saved.encoder.settings),
    )


FORMATS = (
    CheckpointFormat(
        "the folder of a finished run (model.keras)",
        Predictor.is_saved_in,
        _load_run_folder,
    ),
    *CHECKPOINT_FORMATS,
)


def load_classifier(
    checkpoint: str,
    labels: LabelSet,
    max_seq_length: int,
    *,
    layout: TextLayout | None = None,
    bert_config_file: str = "",
    vocab_file: str = "",
    do_lower_case: bool | None = None,
    pooling_strategy: str | None = None,
    new_head: bool = False,
    from_scratch: bool = False,
) -> Predictor:
    """Reads a BERT as a float32 classifier for a task.

    Args:
        checkpoint: a run folder, or anything that `load_checkpoint` reads.
        labels: the task's labels, which a head must agree with.
        max_seq_length: tokens an example; at most the model's positions.
        layout: how the texts of a pair are laid out; by default as in the run folder
            that the checkpoint is, else as BERT has it.
        bert_config_file: where it does not lie beside the checkpoint.
        vocab_file: likewise.
        do_lower_case: overrides what the checkpoint says.
        pooling_strategy: overrides what the checkpoint says.
        new_head: whether a fresh head may take the place of one that is missing or
            made for other labels, as fine-tuning wants; otherwise that is an error.
        from_scratch: whether the weights are random; the checkpoint then says how the
            model is built and how it reads, or, if it is "", the two files do.

    Raises:
        DistillError: the checkpoint cannot be read or does not fit the task.
    """
    load = load_untrained if from_scratch else load_checkpoint
    weights = load(
        checkpoint,
        bert_config_file=bert_config_file or None,
        vocab_file=vocab_file or None,
        formats=FORMATS,
    )
    problem = _head_problem(weights, labels)
    if problem and not new_head:
        raise DistillError(problem)
    pooling_strategy = pooling_strategy or weights.pooling_strategy or "cls"
    if problem or (new_head and not has_head_for(weights, labels)):
        weights = weights.without_head()
    elif pooling_strategy == "cls":
        _check_pooler(weights)
    encoder = build_text_encoder(
        weights, max_seq_length, do_lower_case, layout, labels.is_pair
    )
    check_positions(weights, encoder.max_seq_length)
    model = BertClassifier(
        weights.config, labels.num_outputs, pooling_strategy=pooling_strategy
    )
    if from_scratch:
        logging.info("%s: random weights of its size.", weights.source)
    else:
        logging.info("%s", weights.load_into(model))
    return Predictor(model, encoder, labels)


def build_text_encoder(
    weights: BertCheckpoint,
    max_seq_length: int,
    do_lower_case: bool | None,
    layout: TextLayout | None = None,
    is_pair: bool = False,
) -> Encoder:
    """How a checkpoint reads text.

    Args:
        weights: the checkpoint.
        max_seq_length: tokens an example.
        do_lower_case: overrides what the checkpoint says; without either, yes.
        layout: as in `load_classifier`.
        is_pair: whether an example is two texts.

    Raises:
        DistillError: the checkpoint has no vocabulary, or the layout is for pairs.
    """
    if weights.tokens is None:
        raise DistillError(
            f"{weights.source} comes without a vocabulary; give it with vocab_file."
        )
    settings = (layout or TextLayout()).settings(
        max_seq_length,
        decide_lower_case(do_lower_case, weights.do_lower_case),
        is_pair,
        weights.side_lengths,
    )
    vocabulary = Vocabulary(weights.tokens, source=weights.source)
    return build_encoder(vocabulary, settings)


def has_head_for(weights: BertCheckpoint, labels: LabelSet) -> bool:
    """Whether a checkpoint's head is one of this task's, as far as it says."""
    return not _head_problem(weights, labels) and not _is_named_otherwise(
        weights, labels
    )


def _head_problem(weights: BertCheckpoint, labels: LabelSet) -> str | None:
    """Why the checkpoint's head cannot predict this task, or None."""
    expected = ", ".join(labels.names) or "one number"
    if not weights.has_head:
        return (
            f"{weights.source} has no classification head, so it cannot teach; "
            "fine-tune it with run_classifier.py and give that run's folder."
        )
    if weights.num_classes != labels.num_outputs:
        return (
            f"{weights.source} has {weights.num_classes} outputs, but the task needs "
            f"{labels.num_outputs} ({expected}); give a teacher of this task."
        )
    found = weights.labels or ()
    # MNLI's labels are in capitals in many checkpoints.
    folded, wanted = (
        [name.casefold() for name in names] for names in (found, labels.names)
    )
    if folded != wanted and sorted(folded) == sorted(wanted):
        return (
            f"{weights.source} has the labels in the order {', '.join(found)}, but "
            f"the task in the order {expected}; use task_name=custom with labels in "
            "the checkpoint's order, or reorder the head."
        )
    return None


def _is_named_otherwise(weights: BertCheckpoint, labels: LabelSet) -> bool:
    """Whether the head has names of its own, which a task may spell differently."""
    found = {name.casefold() for name in weights.labels or ()}
    return bool(found) and found != {name.casefold() for name in labels.names}


def _check_pooler(weights: BertCheckpoint) -> None:
    """A head on a pooler that the checkpoint lacks would read random numbers."""
    missing = [name for name in POOLER_NAMES if name not in weights.weights]
    if missing:
        raise DistillError(
            f"{weights.source} has a head but no {missing[0]}, on which a head with "
            "pooling_strategy=cls stands; give a complete checkpoint or "
            "pooling_strategy=mean."
        )


def check_positions(weights: BertCheckpoint, max_seq_length: int) -> None:
    """DistillError if a sequence can be longer than the model's positions."""
    positions = weights.config.max_position_embeddings
    if max_seq_length > positions:
        raise DistillError(
            f"a sequence may have {max_seq_length} tokens, but {weights.source} has "
            f"only {positions} positions; set max_seq_length, or for two texts "
            "max_seq_length_query and max_seq_length_doc, so that it has at most so "
            "many."
        )
