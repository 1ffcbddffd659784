"""Python strings to string tensors, and rows of words back."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

import tensorflow as tf

_ROWS_AT_A_TIME = 4096


def as_string_tensor(texts: Sequence[str]) -> tf.Tensor:
    """The texts as UTF-8, [n] tf.string.

    A lone surrogate, which a JSON file may hold, cannot be UTF-8: it becomes invalid
    bytes, which `normalization.clean` drops.
    """
    texts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return tf.constant(texts, tf.string, shape=[len(texts)])


def word_lists(
    split: Callable[[tf.Tensor], tf.RaggedTensor], texts: Sequence[str]
) -> list[list[str]]:
    """Splits a column of texts by a graph operation and returns Python words.

    Args:
        split: [n] tf.string to [n, (words)] tf.string, valid UTF-8.
        texts: The n texts.

    Returns:
        The words of each text. Equal words of neighbouring texts share their memory.
    """
    rows = []
    for part in in_parts(texts):
        words = split(as_string_tensor(part))
        flat, splits = words.values.numpy().tolist(), words.row_splits.numpy().tolist()
        decoded = {word: word.decode("utf-8") for word in set(flat)}
        flat = [decoded[word] for word in flat]
        rows += [flat[a:b] for a, b in zip(splits, splits[1:], strict=False)]
    return rows


def in_parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in consecutive slices that are small beside a whole column."""
    for start in range(0, len(texts), _ROWS_AT_A_TIME):
        yield texts[start : start + _ROWS_AT_A_TIME]
