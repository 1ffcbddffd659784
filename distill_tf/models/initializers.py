"""Initial values of new weights."""

import keras


def truncated_normal(stddev: float) -> keras.initializers.Initializer:
    """BERT's initial values: a normal distribution cut at two deviations."""
    return keras.initializers.TruncatedNormal(stddev=stddev)
