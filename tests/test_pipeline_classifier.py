"""Any checkpoint as a classifier for a task."""

import pytest
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import huggingface_arrays
from tiny_bert import huggingface_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_tokens
from tiny_runs import write_teacher

from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier

FIVE = LabelSet(("v", "w", "x", "y", "z"), is_pair=False)
MNLI = LabelSet(("contradiction", "entailment", "neutral"), is_pair=True)


def write_labelled(folder, *names):
    """A Hugging Face classifier with these labels."""
    weights = random_weights(head=True)
    for name in ("output_weights", "output_bias"):
        weights[name] = weights[name][: len(names)]
    config = huggingface_config(id2label=dict(enumerate(names)))
    write_huggingface(folder, huggingface_arrays(weights), config)
    return str(folder)


@pytest.mark.parametrize("kind", ["google", "huggingface", "run folder"])
def test_every_format_gives_its_weights_and_tokens(tmp_path, kind):
    weights = random_weights(head=True)
    if kind == "huggingface":
        path = write_huggingface(tmp_path / "hf", huggingface_arrays(weights))
    else:
        path = write_google(tmp_path / "google", weights)
    if kind == "run folder":
        load_classifier(str(path), FIVE, max_seq_length=5).save(tmp_path / "run")
        path = tmp_path / "run"
    predictor = load_classifier(str(path), FIVE, max_seq_length=7)
    assert_same_weights(named_weights(predictor.model), weights)
    assert predictor.encoder.vocabulary.tokens == TOKENS
    assert predictor.encoder.max_seq_length == 7
    assert predictor.labels == FIVE
    assert predictor.model.dtype_policy.name == "float32"


def test_a_run_folder_brings_its_text_settings_and_pooling(tmp_path):
    first = load_classifier(
        write_teacher(tmp_path / "google", 5),
        FIVE,
        max_seq_length=7,
        do_lower_case=False,
        pooling_strategy="mean",
    )
    first.save(tmp_path / "run")
    again = load_classifier(str(tmp_path / "run"), FIVE, max_seq_length=6)
    assert not again.encoder.settings.do_lower_case
    assert again.model.pooling_strategy == "mean"
    changed = load_classifier(
        str(tmp_path / "run"), FIVE, 6, do_lower_case=True, pooling_strategy="cls"
    )
    assert changed.encoder.settings.do_lower_case
    assert changed.model.pooling_strategy == "cls"


@pytest.mark.parametrize(("token", "lower_case"), [("A", False), ("é", True)])
def test_case_is_guessed_from_the_vocabulary(tmp_path, token, lower_case):
    path = write_google(tmp_path, random_weights(head=True))
    write_tokens(tmp_path / "vocab.txt", [*TOKENS[:-1], token])
    predictor = load_classifier(str(path), FIVE, max_seq_length=7)
    assert predictor.encoder.settings.do_lower_case is lower_case


def test_files_that_lie_elsewhere(tmp_path):
    path = write_google(tmp_path / "here", random_weights(head=True))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    files = {}
    for option, name in (
        ("bert_config_file", "bert_config.json"),
        ("vocab_file", "vocab.txt"),
    ):
        files[option] = str((tmp_path / "here" / name).rename(elsewhere / name))
    predictor = load_classifier(str(path), FIVE, max_seq_length=7, **files)
    assert predictor.encoder.vocabulary.tokens == TOKENS


def test_without_a_vocabulary(tmp_path):
    path = write_google(tmp_path, random_weights(head=True))
    (tmp_path / "vocab.txt").unlink()
    with pytest.raises(DistillError, match="without a vocabulary; give it with vocab_"):
        load_classifier(str(path), FIVE, max_seq_length=7)


def test_a_teacher_needs_a_head(tmp_path):
    path = str(write_google(tmp_path, random_weights()))
    with pytest.raises(DistillError, match="no classification head.*run_classifier.py"):
        load_classifier(path, FIVE, max_seq_length=7)
    model = load_classifier(path, FIVE, max_seq_length=7, new_head=True).model
    assert model.num_classes == 5


@pytest.mark.parametrize(
    ("labels", "needed"),
    [(MNLI, "3 .contradiction, e"), (LabelSet((), True), "1 .one")],
)
def test_a_teacher_of_another_number_of_classes(tmp_path, labels, needed):
    path = write_teacher(tmp_path, num_classes=2)
    with pytest.raises(DistillError, match=f"2 outputs, but the task needs {needed}"):
        load_classifier(path, labels, max_seq_length=7)
    model = load_classifier(path, labels, max_seq_length=7, new_head=True).model
    assert model.num_classes == labels.num_outputs


@pytest.mark.parametrize(
    "found",
    [
        ("entailment", "neutral", "contradiction"),
        ("CONTRADICTION", "NEUTRAL", "ENTAILMENT"),
    ],
)
def test_labels_in_another_order(tmp_path, found):
    path = write_labelled(tmp_path, *found)
    sentence = (
        f"in the order {', '.join(found)}, but the task in the order contradiction, "
        "entailment, neutral; use task_name=custom"
    )
    with pytest.raises(DistillError, match=sentence):
        load_classifier(path, MNLI, max_seq_length=7)


@pytest.mark.parametrize(
    "found",
    [
        ("contradiction", "entailment", "neutral"),
        ("Contradiction", "Entailment", "Neutral"),
        ("LABEL_0", "LABEL_1", "LABEL_2"),
        ("no", "yes", "perhaps"),
    ],
)
def test_labels_that_do_not_contradict_the_task(tmp_path, found):
    predictor = load_classifier(write_labelled(tmp_path, *found), MNLI, 7)
    assert predictor.labels == MNLI


def test_sequences_longer_than_the_positions(tmp_path):
    path = write_teacher(tmp_path, 5)
    load_classifier(path, FIVE, max_seq_length=19)
    with pytest.raises(
        DistillError, match="20 tokens, but .* only 19 positions; set max_seq_"
    ):
        load_classifier(path, FIVE, max_seq_length=20)
