"""Entry points of a SavedModel of two towers: encode a text, score two of them."""

from collections.abc import Callable
from collections.abc import Iterator

import tensorflow as tf

from distill_tf.export.graph_inputs import tower_inputs
from distill_tf.export.warm_up import WarmUpRequest
from distill_tf.export.warm_up import warm_up_texts
from distill_tf.models.interactions import SIDES
from distill_tf.models.interactions import Kept
from distill_tf.predictor import Predictor

Signature = tf.types.experimental.ConcreteFunction

SCORE_SIGNATURE = "score"
_TEXT = "text"


def encode_signature(side: str) -> str:
    """What the signature is called that encodes texts of a side."""
    return f"encode_{side}"


def tower_signatures(
    predictor: Predictor, answers: Callable[[tf.Tensor], dict[str, tf.Tensor]]
) -> dict[str, Signature]:
    """`encode_first`, `encode_second` and `score`; see `ServingModule`.

    Args:
        predictor: one with a `TwoTowerClassifier`.
        answers: logits [n, C] to what a signature gives.
    """
    encoders = {encode_signature(side): _encode(predictor, side) for side in SIDES}
    return {**encoders, SCORE_SIGNATURE: _score(predictor, answers)}


def _encode(predictor: Predictor, side: str) -> Signature:
    texts = tf.TensorSpec([None], tf.string, _TEXT)

    @tf.function(input_signature=[texts], autograph=False)
    def encode(texts):
        inputs = tower_inputs(predictor.encoder, texts, side)
        return predictor.model.encode(inputs, side)._asdict()

    return encode.get_concrete_function()


def _score(
    predictor: Predictor, answers: Callable[[tf.Tensor], dict[str, tf.Tensor]]
) -> Signature:
    width = predictor.model.interaction.kept_width
    specs = [
        spec
        for side in SIDES
        for spec in (
            tf.TensorSpec([None, None, width], tf.float32, f"{side}_vectors"),
            tf.TensorSpec([None, None], tf.bool, f"{side}_mask"),
        )
    ]

    @tf.function(input_signature=specs, autograph=False)
    def score(first_vectors, first_mask, second_vectors, second_mask):
        second = Kept(second_vectors, second_mask)
        # A query is scored with any number of documents.
        rows = tf.shape(second_mask)[:1]
        first = Kept(
            *(
                tf.broadcast_to(part, tf.concat([rows, tf.shape(part)[1:]], axis=0))
                for part in (first_vectors, first_mask)
            )
        )
        return answers(predictor.model.interact(first, second))

    return score.get_concrete_function()


def tower_warm_up_requests(
    signatures: dict[str, Signature], max_words: int
) -> Iterator[WarmUpRequest]:
    """Requests for each of `tower_signatures`.

    What is scored is zeros, which take no room in a message, of the shapes that
    encoding gives.
    """
    for texts in warm_up_texts(max_words):
        vectors = {}
        for side in SIDES:
            name = encode_signature(side)
            yield WarmUpRequest(name, {_TEXT: tf.make_tensor_proto(texts)})
            for part, kept in signatures[name](tf.constant(texts)).items():
                vectors[f"{side}_{part}"] = tf.make_tensor_proto(
                    kept.dtype.as_numpy_dtype(part == "mask"), shape=kept.shape
                )
        yield WarmUpRequest(SCORE_SIGNATURE, vectors)
