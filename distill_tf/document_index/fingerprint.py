"""A short name of all that decides what a classifier computes."""

from dataclasses import asdict

import numpy as np

from distill_tf.content_hash import content_hash
from distill_tf.predictor import Predictor


def fingerprint(predictor: Predictor) -> str:
    """The same for equal weights, sizes, vocabularies and text settings.

    The precision of the computation does not count: an index that was built in one may
    be read in another.
    """
    described = {
        "model": type(predictor.model).__name__,
        "config": predictor.model.config.to_dict(),
        "text": asdict(predictor.encoder.settings),
        "tokens": predictor.encoder.vocabulary.tokens,
    }
    weights = predictor.model.get_weights()
    return content_hash(described, (np.asarray(each, np.float32) for each in weights))
