"""A short name for what a model is made of."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import numpy as np


def content_hash(description: Any, arrays: Iterable[np.ndarray]) -> str:
    """The same for the same content, and for no other; 32 hexadecimal digits.

    Args:
        description: anything `json` can write; the order of keys does not count.
        arrays: in an order that says which is which; type and shape count too.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(json.dumps(description, sort_keys=True).encode())
    for array in arrays:
        array = np.ascontiguousarray(array)
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(array.reshape(-1).view(np.uint8))
    return digest.hexdigest()
