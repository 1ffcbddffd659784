"""A short name of all that decides what a classifier computes."""

from dataclasses import asdict

import tensorflow as tf

from distill_tf.content_hash import content_hash
from distill_tf.predictor import Predictor


def fingerprint(predictor: Predictor) -> str:
    """The same for equal weights, sizes, vocabularies and text settings.

    The precision of the computation does not count: an index that was built in one may
    be read in another. So weights count as bfloat16 rounds them, which is what some
    precisions leave of them.
    """
    described = {
        "model": type(predictor.model).__name__,
        "config": predictor.model.config.to_dict(),
        "text": asdict(predictor.encoder.settings),
        "tokens": predictor.encoder.vocabulary.tokens,
    }
    rounded = (tf.cast(each, tf.bfloat16) for each in predictor.model.get_weights())
    return content_hash(described, (each.numpy() for each in rounded))
