"""What a checkpoint in memory guarantees."""

import pytest
from tiny_bert import CONFIG
from tiny_bert import NUM_CLASSES
from tiny_bert import TOKENS
from tiny_bert import random_weights

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.models.classifier import BertClassifier

LABELS = ("a", "b", "c", "d", "e")


def checkpoint(head=True, **fields) -> BertCheckpoint:
    weights = random_weights(head=head)
    return BertCheckpoint(config=CONFIG, weights=weights, source="here", **fields)


def test_head_decides_the_number_of_classes():
    assert checkpoint().num_classes == NUM_CLASSES
    assert checkpoint(head=False).num_classes is None


def test_without_head_leaves_the_encoder():
    bare = checkpoint(
        labels=LABELS, pooling_strategy="cls", unused=("global_step",)
    ).without_head()
    assert not bare.has_head
    assert bare.weights.keys() == random_weights().keys()
    assert (bare.labels, bare.pooling_strategy) == (None, None)
    assert bare.unused == ("global_step", "output_weights", "output_bias")


def test_load_into_reports_the_files_unused_names():
    model = BertClassifier(CONFIG, NUM_CLASSES)
    report = checkpoint(
        unused=("global_step",), unread_config_keys=("pooler_type",)
    ).load_into(model)
    assert report.unused == ("global_step",)
    assert report.unread_config_keys == ("pooler_type",)
    assert report.source == "here"
    assert set(report.mapped) == set(named_weights(model))


def test_vocabulary_larger_than_the_embeddings():
    with pytest.raises(DistillError, match="has 38 tokens.* only 37 rows"):
        checkpoint(tokens=(*TOKENS, "one more"))


def test_smaller_vocabulary_is_allowed():
    # Embeddings are often padded to a round number of rows.
    assert len(checkpoint(tokens=TOKENS[:-1]).tokens) == 36


@pytest.mark.parametrize(("head", "outputs"), [(True, "5"), (False, "no")])
def test_labels_must_fit_the_head(head, outputs):
    with pytest.raises(DistillError, match=f"2 labels .yes, no.*{outputs} outputs"):
        checkpoint(head=head, labels=("yes", "no"))
