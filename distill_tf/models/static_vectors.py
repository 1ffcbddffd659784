"""Word vectors that a static student starts from, made of its teacher."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from sklearn.decomposition import PCA

from distill_tf.errors import DistillError
from distill_tf.models.outputs import OutputsModel

# a of a / (a + p). Arora et al. find 1e-3 to 1e-4 good; Model2Vec takes the latter.
_SMOOTHING = 1e-4


def teacher_vectors(
    teacher: OutputsModel,
    words: Sequence[Sequence[int]],
    cls_id: int,
    sep_id: int,
    batch_size: int = 256,
) -> np.ndarray:
    """What a teacher makes of each word by itself.

    It reads [CLS] word [SEP]; a word's vector is the mean of the last hidden states of
    its pieces.

    Args:
        teacher: gives `hidden_states`.
        words: the ids of each word's pieces in the teacher's vocabulary; `[[0], [1],
            ...]` for that vocabulary itself. A word without pieces gets 0.
        cls_id: id of [CLS] in that vocabulary.
        sep_id: id of [SEP].
        batch_size: words at a time.

    Returns:
        [V, H] float32.
    """
    signature = [tf.TensorSpec((None, None), dtype) for dtype in (tf.int32, tf.bool)]

    @tf.function(input_signature=signature)
    def last_states(token_ids, padding_mask):
        inputs = {
            "token_ids": token_ids,
            "segment_ids": tf.zeros_like(token_ids),
            "padding_mask": padding_mask,
        }
        outputs = teacher.compute_outputs(inputs, training=False)
        return tf.cast(outputs["hidden_states"][-1], tf.float32)

    order = np.argsort([len(word) for word in words], kind="stable")
    vectors = []
    for start in range(0, len(order), batch_size):
        batch = [words[i] for i in order[start : start + batch_size]]
        token_ids, padding_mask, is_piece = _framed(batch, cls_id, sep_id)
        states = last_states(token_ids, padding_mask).numpy()
        pieces = np.maximum(is_piece.sum(axis=1), 1)[:, None]
        vectors.append(np.where(is_piece[..., None], states, 0).sum(axis=1) / pieces)
    return np.concatenate(vectors)[np.argsort(order)].astype(np.float32)


def _framed(words, cls_id: int, sep_id: int):
    """[CLS] word [SEP], right-padded, its mask, and where the pieces are: [b, L]."""
    lengths = np.array([len(word) for word in words])[:, None]
    places = np.arange(lengths.max() + 2)
    is_piece = (places > 0) & (places <= lengths)
    token_ids = np.zeros(is_piece.shape, np.int32)
    token_ids[is_piece] = [piece for word in words for piece in word]
    token_ids[:, 0] = cls_id
    token_ids[places == lengths + 1] = sep_id
    return token_ids, places <= lengths + 1, is_piece


def frequency_weights(counts: np.ndarray) -> np.ndarray:
    """a / (a + p) of each word's share p: smooth inverse frequency.

    Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017.
    Common words then count little in a mean.

    Args:
        counts: how often each word occurs, [V].

    Returns:
        [V] in (0, 1]; 1 for a word that does not occur.
    """
    shares = counts / max(counts.sum(), 1)
    return _SMOOTHING / (_SMOOTHING + shares)


def static_vectors(
    vectors: np.ndarray, size: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Principal components of word vectors, each word scaled by its weight.

    The start of a `StaticClassifier`, as in Model2Vec (Tulkens & van Dongen 2024).

    Args:
        vectors: [V, H].
        size: the width wanted, at most H.
        weights: [V]; None for equal ones.

    Returns:
        [V, size] float32.

    Raises:
        DistillError: there are not as many components.
    """
    if size > min(vectors.shape):
        raise DistillError(
            f"a static student's embeddings can start from at most "
            f"{min(vectors.shape)} components of {vectors.shape[0]} vectors of "
            f"{vectors.shape[1]} numbers, but {size} are asked for; choose a smaller "
            "embedding size."
        )
    components = PCA(size, svd_solver="covariance_eigh").fit_transform(vectors)
    if weights is not None:
        components *= weights[:, None]
    return components.astype(np.float32)
