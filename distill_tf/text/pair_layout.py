"""How the two texts of a pair, each a row of tokens, become a model's inputs."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

Row = dict[str, Any]
"""`token_ids`, `segment_ids`, `padding_mask` and maybe `position_ids`, each [B, L]."""

SIDES = ("first", "second")


@dataclass(frozen=True)
class SeparateLayout:
    """Each text is a row of its own, as it is.

    Attributes:
        pads_to_max: whether every batch is padded to `max_tokens`.
        max_tokens: of each side's text.
    """

    max_tokens: tuple[int, int]
    pads_to_max: bool = False

    @property
    def num_special(self) -> int:
        """Special tokens that a pair gets."""
        return 0

    def join(self, first: Row, second: Row, xp: ModuleType = np) -> Row:
        """The inputs of padded texts.

        Args:
            first: the tokens of the first texts [B, A'], padded, without special ones.
            second: those of the second ones [B, D'].
            xp: numpy, or tensorflow.experimental.numpy to work in a graph.
        """
        sides = zip(SIDES, (first, second), strict=True)
        return {side: self.tower(row, side, xp) for side, row in sides}

    def tower(self, texts: Row, side: str, xp: ModuleType = np) -> Row:
        """What a tower reads of one side's texts."""
        return texts


@dataclass(frozen=True, kw_only=True)
class TowersLayout(SeparateLayout):
    """Each text is a row `[CLS] x PAD.. [SEP]` in segment 0, padding before `[SEP]`.

    Positions are those of a row that is padded to the full length, whatever the width
    of a batch: `[SEP]` of a text of at most A tokens is at A + 1. So what a tower
    computes depends neither on the batch nor on its padding. The layout is that of
    VIRT (Li et al., arXiv:2112.04195), where all rows have the full length.

    Attributes:
        cls_id: token of `[CLS]`.
        sep_id: token of `[SEP]`.
    """

    cls_id: int
    sep_id: int

    @property
    def num_special(self):
        return 4

    def tower(self, texts, side, xp=np):
        tokens = self.max_tokens[SIDES.index(side)]
        parts = [
            _special(texts, self.cls_id, 0, 0, xp),
            _text(texts, 0, 1, xp),
            _special(texts, self.sep_id, 0, tokens + 1, xp),
        ]
        return _row(parts, xp)


@dataclass(frozen=True, kw_only=True)
class BipartiteLayout(TowersLayout):
    """A pair is one row `[CLS] a PAD.. [SEP] b PAD.. [SEP]`, segments 0 and 1.

    A cross-encoder's input whose tokens stand as in the towers: those of a at 1..A,
    the first `[SEP]` at A + 1, those of b from A + 2, the last `[SEP]` at A + D + 2.
    """

    @property
    def num_special(self):
        return 3

    def join(self, first, second, xp=np):
        tokens_a, tokens_b = self.max_tokens
        parts = [
            _special(first, self.cls_id, 0, 0, xp),
            _text(first, 0, 1, xp),
            _special(first, self.sep_id, 0, tokens_a + 1, xp),
            _text(second, 1, tokens_a + 2, xp),
            _special(second, self.sep_id, 1, tokens_a + tokens_b + 2, xp),
        ]
        return _row(parts, xp)


def _text(texts: Row, segment: int, position: int, xp: ModuleType) -> Row:
    """The tokens of texts, the first one at `position`."""
    token_ids = texts["token_ids"]
    counts = xp.cumsum(xp.ones_like(token_ids), axis=1, dtype=token_ids.dtype)
    return {
        "token_ids": token_ids,
        "segment_ids": xp.full_like(token_ids, segment),
        "padding_mask": texts["padding_mask"],
        "position_ids": counts + (position - 1),
    }


def _special(
    texts: Row, token: int, segment: int, position: int, xp: ModuleType
) -> Row:
    """A column of one special token, as high as `texts`."""
    column = texts["token_ids"][:, :1]
    return {
        "token_ids": xp.full_like(column, token),
        "segment_ids": xp.full_like(column, segment),
        "padding_mask": xp.ones_like(texts["padding_mask"][:, :1]),
        "position_ids": xp.full_like(column, position),
    }


def _row(parts: list[Row], xp: ModuleType) -> Row:
    return {
        name: xp.concatenate([part[name] for part in parts], axis=1)
        for name in parts[0]
    }
