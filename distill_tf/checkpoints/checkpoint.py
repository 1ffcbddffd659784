"""A checkpoint in memory, whatever format it came from."""

from dataclasses import dataclass
from dataclasses import replace

import numpy as np

from distill_tf.checkpoints.report import MappingReport
from distill_tf.checkpoints.weight_names import load_named_weights
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.errors import DistillError
from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier


@dataclass(frozen=True, kw_only=True)
class BertCheckpoint:
    """Weights of a BERT with all that is known of how to use them.

    Attributes:
        config: sizes and constants.
        weights: float32 arrays under google-research/bert's variable names, with
            "output_weights" [C, H] and "output_bias" [C] where there is a head.
        source: the file or folder, for messages.
        tokens: the WordPiece vocabulary in the order of its ids, or None.
        do_lower_case: whether the text was lowercased, or None if nothing says so.
        labels: class names in the order of the head's outputs, or None.
        pooling_strategy: what the head stands on, "cls" or "mean"; None without one.
        side_lengths: the most tokens of the two texts of a pair, each with `[CLS]` and
            `[SEP]`, if the model reads pairs in the layout bipartite; else None.
        unused: names in the file that are no part of encoder, pooler or head.
        unread_config_keys: configuration keys that were not read.
    """

    config: BertConfig
    weights: dict[str, np.ndarray]
    source: str
    tokens: tuple[str, ...] | None = None
    do_lower_case: bool | None = None
    labels: tuple[str, ...] | None = None
    pooling_strategy: str | None = None
    side_lengths: tuple[int, int] | None = None
    unused: tuple[str, ...] = ()
    unread_config_keys: tuple[str, ...] = ()

    def __post_init__(self):
        if self.tokens and len(self.tokens) > self.config.vocab_size:
            raise DistillError(
                f"the vocabulary of {self.source} has {len(self.tokens)} tokens, "
                f"but its word embeddings have only {self.config.vocab_size} rows; "
                "give the vocabulary that belongs to the checkpoint."
            )
        if self.labels is not None and len(self.labels) != self.num_classes:
            raise DistillError(
                f"{self.source} names {len(self.labels)} labels "
                f"({', '.join(self.labels)}), but its head has "
                f"{self.num_classes or 'no'} outputs; correct id2label."
            )

    @property
    def has_head(self) -> bool:
        return HEAD_NAMES[0] in self.weights

    @property
    def num_classes(self) -> int | None:
        """Outputs of the head, or None without one."""
        return len(self.weights[HEAD_NAMES[0]]) if self.has_head else None

    def without_head(self) -> "BertCheckpoint":
        """The same encoder for another task; the head's names become unused."""
        kept = {k: v for k, v in self.weights.items() if k not in HEAD_NAMES}
        dropped = tuple(name for name in HEAD_NAMES if name in self.weights)
        return replace(
            self,
            weights=kept,
            labels=None,
            pooling_strategy=None,
            unused=(*self.unused, *dropped),
        )

    def load_into(self, model: BertEncoder | BertClassifier) -> MappingReport:
        """Copies the weights into a built model; see `load_named_weights`."""
        report = load_named_weights(model, self.weights, self.source, self.unused)
        return replace(report, unread_config_keys=self.unread_config_keys)
