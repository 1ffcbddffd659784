"""Documents that a two-tower student has read once, to be scored again and again."""

from distill_tf.document_index.index import DocumentIndex
from distill_tf.document_index.index import build_document_index

__all__ = ["DocumentIndex", "build_document_index"]
