"""What a two-tower student keeps of documents, on disk, and scores against them."""

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from distill_tf.array_files import save_array
from distill_tf.data.batches import evaluation_batches
from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import sorted_buckets
from distill_tf.data.padding import Inputs
from distill_tf.data.padding import pad
from distill_tf.document_index.fingerprint import fingerprint
from distill_tf.document_index.growing_array import GrowingArray
from distill_tf.document_index.index_files import DESCRIPTION
from distill_tf.document_index.index_files import OFFSETS
from distill_tf.document_index.index_files import VECTORS
from distill_tf.document_index.index_files import IndexFiles
from distill_tf.document_index.index_files import check_free
from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.files import write_json_atomically
from distill_tf.models.interactions import Kept
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import encode_side

STORED_TYPES = ("float16", "bfloat16", "float32")

_QUERY, _DOCUMENT = "first", "second"


def build_document_index(
    predictor: Predictor,
    documents: Sequence[str],
    folder: str | Path,
    *,
    dtype: str = "float16",
    batch_size: int = 64,
) -> "DocumentIndex":
    """Encodes documents, the second texts of pairs, and keeps what scoring needs.

    That is, by kind of student, the last states of all tokens (late_fusion, deformer),
    of the first ones (poly, dipair), a vector a token and class (col), or one vector
    (sbert, bi_encoder). Padding is not kept.

    Args:
        predictor: a two-tower student.
        documents: the texts; a document's number is its position here.
        folder: where to put the index. It is written beside and then takes the place
            of an index that is there, and of nothing else.
        dtype: how numbers are stored: "float16", "bfloat16" or "float32".
        batch_size: documents that are encoded together.

    Raises:
        DistillError: the model has no towers, or counts padding; or the folder holds
            something else.
    """
    _check_model(predictor)
    folder = Path(folder)
    check_free(folder)
    if dtype not in STORED_TYPES:
        raise DistillError(
            f"dtype must be one of {', '.join(STORED_TYPES)}, but is {dtype!r}."
        )
    if isinstance(documents, str) or not len(documents):
        raise DistillError(
            "documents must be a list of at least one text; put a single text in a "
            "list."
        )
    with atomic_path(folder) as temporary:
        temporary.mkdir()
        offsets = _write_vectors(
            predictor, documents, temporary / VECTORS, dtype, batch_size
        )
        save_array(temporary / OFFSETS, offsets)
        write_json_atomically(
            temporary / DESCRIPTION,
            {
                "fingerprint": fingerprint(predictor),
                "dtype": dtype,
                "documents": len(documents),
            },
        )
    return DocumentIndex(predictor, folder)


class DocumentIndex:
    """Scores queries against documents that `build_document_index` has encoded.

    The vectors are mapped into memory: opening an index reads nothing of them, and
    several processes share what is read.
    """

    def __init__(self, predictor: Predictor, folder: str | Path):
        """Opens an index.

        Args:
            predictor: the student that the index was built with.
            folder: the index.

        Raises:
            DistillError: there is no index, it is damaged, or of another model.
        """
        _check_model(predictor)
        folder = Path(folder)
        files = IndexFiles.read(folder)
        if files.fingerprint != fingerprint(predictor):
            raise DistillError(
                f"{folder} was built with another model, or with the same one before "
                "it was trained on; build it again with this one."
            )
        self._predictor = predictor
        self._vectors = files.vectors
        self._starts, self._ends = files.starts, files.ends
        self._longest = int((self._ends - self._starts).max())
        self._encode = _encoder_of(predictor, _QUERY)
        self._score = _pair_scorer(predictor.model)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._starts)

    def score(
        self,
        query: str,
        document_ids: Sequence[int] | None = None,
        batch_size: int = 128,
    ) -> np.ndarray:
        """The logits [n, C], float32, of a query with n documents.

        They are what `Predictor.logits` gives for these pairs, but for the rounding of
        the stored numbers.

        Args:
            query: the first text of each pair.
            document_ids: which documents, in which order; None for all of them.
            batch_size: documents that are scored together.

        Raises:
            DistillError: there is no document of such a number, or an argument is of
                another kind.
        """
        if not isinstance(query, str):
            raise DistillError(
                f"query must be one text, but is a {type(query).__name__}; score one "
                "query at a time."
            )
        ids = self._checked(document_ids)
        encoded = encode_side(self._predictor.encoder, [query], _QUERY)
        kept_query = self._encode(pad(encoded, np.array([0])))
        logits = np.zeros((len(ids), self._predictor.model.num_classes), np.float32)
        lengths = self._ends[ids] - self._starts[ids]
        for rows in sorted_buckets(lengths, batch_size):
            logits[rows] = self._score(kept_query, self._kept(ids[rows]))
        return logits

    def _checked(self, document_ids: Sequence[int] | None) -> np.ndarray:
        if document_ids is None:
            return np.arange(len(self))
        ids = np.asarray(document_ids)
        if not ids.size:
            return np.zeros(0, np.int64)
        if ids.ndim != 1 or not np.issubdtype(ids.dtype, np.integer):
            raise DistillError(
                "document_ids must be a list of whole numbers, but is of type "
                f"{ids.dtype} and shape {ids.shape}; for a mask give "
                "np.flatnonzero(mask)."
            )
        wrong = ids[(ids < 0) | (ids >= len(self))]
        if len(wrong):
            raise DistillError(
                f"the index has documents 0 to {len(self) - 1}, but document "
                f"{wrong[0]} is asked for."
            )
        return ids

    def _kept(self, ids: np.ndarray) -> Kept:
        starts = self._starts[ids]
        lengths = self._ends[ids] - starts
        columns = np.arange(padded_length(lengths, self._longest))
        mask = columns < lengths[:, np.newaxis]
        # What stands at padding is masked; any row will do.
        rows = np.minimum(starts[:, np.newaxis] + columns, len(self._vectors) - 1)
        return Kept(tf.constant(self._vectors[rows]), tf.constant(mask))


def _check_model(predictor: Predictor) -> None:
    model = predictor.model
    if not isinstance(model, TwoTowerClassifier):
        raise DistillError(
            "documents can be encoded by themselves by a student of two towers, but "
            f"this model is a {type(model).__name__}; train one with "
            "model_type=late_fusion, for instance."
        )
    if model.config.strict_virt:
        raise DistillError(
            "a student that was trained with strict_virt counts padding, which an "
            "index does not keep; train it without."
        )
    if model.dtype_policy.name == "float16":
        raise DistillError(
            "weights that are kept in float16 cannot be told from another model's; "
            'use with_precision("mixed_float16").'
        )


def _write_vectors(
    predictor: Predictor,
    documents: Sequence[str],
    path: Path,
    dtype: str,
    batch_size: int,
) -> np.ndarray:
    """Writes the vectors of all documents; gives where each starts and ends, [2, n]."""
    encode = _encoder_of(predictor, _DOCUMENT)
    encoded = encode_side(predictor.encoder, documents, _DOCUMENT)
    offsets = np.zeros((2, len(documents)), np.int64)
    width = predictor.model.interaction.kept_width
    with GrowingArray(path, width, _file_type(dtype)) as array:
        for ids, texts in evaluation_batches(encoded, batch_size):
            vectors, mask = (np.asarray(part) for part in encode(texts))
            counts = mask.sum(axis=1)
            offsets[1, ids] = array.rows + np.cumsum(counts)
            offsets[0, ids] = offsets[1, ids] - counts
            stored = vectors[mask].astype(np.float32).astype(dtype)
            array.append(stored.view(_file_type(dtype)))
    return offsets


def _encoder_of(predictor: Predictor, side: str) -> Callable[[Inputs], Kept]:
    """From the padded tokens of one side's texts to what is kept of them."""
    layout = predictor.encoder.pair_layout

    @tf.function(autograph=False, reduce_retracing=True)
    def encode(inputs):
        return predictor.model.encode(inputs, side)

    def encode_texts(texts: Inputs) -> Kept:
        tower = layout.tower(texts, side)
        return encode(keras.tree.map_structure(tf.constant, tower))

    return encode_texts


def _pair_scorer(model: TwoTowerClassifier) -> Callable[[Kept, Kept], tf.Tensor]:
    """From one kept query and kept documents [b] to logits [b, C]."""

    @tf.function(autograph=False, reduce_retracing=True)
    def score(query, documents):
        count = tf.shape(documents.mask)[0]
        repeated = Kept(*(tf.repeat(part, count, axis=0) for part in query))
        return model.interact(repeated, documents)

    return score


def _file_type(dtype: str) -> str:
    # NumPy has no bfloat16 of its own to name in a file.
    return "uint16" if dtype == "bfloat16" else dtype
