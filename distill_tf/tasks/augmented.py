"""Rewritten training texts beside the training examples they come from."""

from distill_tf.tasks.examples import Examples
from distill_tf.tasks.examples import concatenate
from distill_tf.tasks.examples import text_keys


def with_augmented(train: Examples, augmented: Examples) -> Examples:
    """The training examples, then the augmented texts that are not among them.

    The latter come without labels, whatever their file says: a rewritten text may
    mean something else, so its label is for the teacher to give. In particular the
    files that TinyBERT's code writes give every row the label of its original.

    Args:
        train: the training examples as they were read.
        augmented: the split "train_aug".

    Raises:
        ValueError: pairs mixed with single sentences.
    """
    known = set(text_keys(train))
    new = [row for row, key in enumerate(text_keys(augmented)) if key not in known]
    return concatenate([train, augmented.select(new).without_labels()])
