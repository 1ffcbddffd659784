"""Texts of which some tokens are masked, to be predicted."""

from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace

import numpy as np

from distill_tf.text import EncodedTexts
from distill_tf.text import Vocabulary

# As google-research/bert's create_pretraining_data.py has it: the rest stays as it is,
# so that no token's state may rely on being told what it is.
_MASKED, _RANDOM = 0.8, 0.1


@dataclass(frozen=True, eq=False)
class MaskedTexts(EncodedTexts):
    """Token rows that `pad` masks.

    Of each row the share `probability` of its tokens, at least one, is chosen anew
    in every batch; `[CLS]` and `[SEP]` never are. Of the chosen ones 80 % become
    `[MASK]`, 10 % any token, 10 % stay as they are (Devlin et al., arXiv:1810.04805).

    What is chosen depends on the seed, the epoch and which rows share a batch: another
    in each epoch, the same one when training goes on after a break.

    Attributes:
        vocabulary: what the token ids refer to.
        probability: share of the tokens, above 0.
        seed: of the choice.
        epoch: whose choice it is.
    """

    vocabulary: Vocabulary
    probability: float
    seed: int
    epoch: int = 0

    @classmethod
    def of(
        cls, texts: EncodedTexts, vocabulary: Vocabulary, probability: float, seed: int
    ) -> "MaskedTexts":
        """The same rows, to be masked."""
        rows = {field.name: getattr(texts, field.name) for field in fields(texts)}
        return cls(**rows, vocabulary=vocabulary, probability=probability, seed=seed)

    def in_epoch(self, epoch: int) -> "MaskedTexts":
        return replace(self, epoch=epoch)

    def pad(self, indices: np.ndarray, length: int) -> dict[str, np.ndarray]:
        """What `EncodedTexts.pad` gives, with tokens masked, and which these are.

        Returns:
            Also `masked_positions` [b, P] int32, the chosen ones in the order of the
            text, and `masked_token_ids` [b, P] int32, what was there; rows with fewer
            than P end in positions 0 and token ids -1.
        """
        inputs = super().pad(indices, length)
        generator = np.random.default_rng([self.seed, self.epoch, *indices.tolist()])
        tokens = inputs["token_ids"]
        special = [self.vocabulary.cls_id, self.vocabulary.sep_id]
        may_be_chosen = inputs["padding_mask"] & ~np.isin(tokens, special)
        is_chosen = self._choose(may_be_chosen, generator)
        positions, is_there = _left_aligned(is_chosen)
        originals = np.take_along_axis(tokens, positions, axis=1)
        return {
            **inputs,
            "token_ids": np.where(is_chosen, self._replaced(tokens, generator), tokens),
            "masked_positions": np.where(is_there, positions, 0).astype(np.int32),
            "masked_token_ids": np.where(is_there, originals, -1).astype(np.int32),
        }

    def _choose(
        self, may_be_chosen: np.ndarray, generator: np.random.Generator
    ) -> np.ndarray:
        """Exactly the wanted number in each row [b, L]."""
        candidates = may_be_chosen.sum(axis=1)
        wanted = np.rint(self.probability * candidates).astype(int)
        wanted = np.minimum(np.maximum(wanted, 1), candidates)
        drawn = np.where(may_be_chosen, generator.random(may_be_chosen.shape), 2.0)
        ranks = drawn.argsort(axis=1).argsort(axis=1)
        return ranks < wanted[:, None]

    def _replaced(
        self, tokens: np.ndarray, generator: np.random.Generator
    ) -> np.ndarray:
        """What each token would become if it were chosen."""
        drawn = generator.random(tokens.shape)
        any_token = generator.integers(
            len(self.vocabulary), size=tokens.shape, dtype=np.int32
        )
        return np.where(
            drawn < _MASKED,
            np.int32(self.vocabulary.mask_id),
            np.where(drawn < _MASKED + _RANDOM, any_token, tokens),
        )


def _left_aligned(is_chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The chosen columns of each row, in order, and which of them are there: [b, P]."""
    counts = is_chosen.sum(axis=1)
    width = int(counts.max(initial=1))
    order = np.argsort(~is_chosen, axis=1, kind="stable")[:, :width]
    return order, np.arange(width) < counts[:, None]
