"""Keeps freed memory in the process while training."""

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_TOP_PAD = -2
_M_MMAP_THRESHOLD = -3
_LARGEST_MMAP_THRESHOLD = 32 << 20
_KEPT = 512 << 20


def keep_freed_memory() -> bool:
    """Tells glibc's malloc not to hand freed memory back to the system.

    A training step frees and asks for the same hundreds of megabytes again; given
    back in between, each page has to be mapped and cleared anew. On a processor that
    is a tenth of the step.

    Returns:
        Whether it was possible: elsewhere than under glibc nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    settings = (
        (_M_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD),
        (_M_TRIM_THRESHOLD, _KEPT),
        (_M_TOP_PAD, _KEPT // 4),
    )
    return all(mallopt(option, value) == 1 for option, value in settings)
