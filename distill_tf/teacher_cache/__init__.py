"""What a teacher says of the training data, computed once and kept on disk.

Outputs are stored without padding, one column an output and layer, in files of Arrow
that each hold some rows. A row is named by what the teacher reads of an example, and a
folder by the teacher's weights, so that any run finds what it may use and nothing else.
"""

from distill_tf.teacher_cache.build import build
from distill_tf.teacher_cache.columns import Column
from distill_tf.teacher_cache.columns import columns_of
from distill_tf.teacher_cache.columns import padding_mask
from distill_tf.teacher_cache.distinct_rows import DistinctRows
from distill_tf.teacher_cache.distinct_rows import keys_and_lengths
from distill_tf.teacher_cache.fingerprint import can_be_told
from distill_tf.teacher_cache.fingerprint import describe_teacher
from distill_tf.teacher_cache.fingerprint import fingerprint
from distill_tf.teacher_cache.stored_outputs import CachedOutputs
from distill_tf.teacher_cache.stored_rows import StoredRows

__all__ = [
    "CachedOutputs",
    "Column",
    "DistinctRows",
    "StoredRows",
    "build",
    "can_be_told",
    "columns_of",
    "describe_teacher",
    "fingerprint",
    "keys_and_lengths",
    "padding_mask",
]
