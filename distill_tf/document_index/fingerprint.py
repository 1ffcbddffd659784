"""A short name of all that decides what a classifier computes."""

import hashlib
import json
from dataclasses import asdict

import numpy as np

from distill_tf.predictor import Predictor


def fingerprint(predictor: Predictor) -> str:
    """The same for equal weights, sizes, vocabularies and text settings.

    The precision of the computation does not count: an index that was built in one may
    be read in another.
    """
    digest = hashlib.blake2b(digest_size=16)
    described = {
        "model": type(predictor.model).__name__,
        "config": predictor.model.config.to_dict(),
        "text": asdict(predictor.encoder.settings),
        "tokens": predictor.encoder.vocabulary.tokens,
    }
    digest.update(json.dumps(described, sort_keys=True).encode())
    for weight in predictor.model.get_weights():
        digest.update(np.ascontiguousarray(weight, np.float32))
    return digest.hexdigest()
