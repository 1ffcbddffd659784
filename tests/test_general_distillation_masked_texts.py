"""Which tokens are masked, what they become, and what is remembered of them."""

import numpy as np
import pytest
from tiny_bert import TOKENS

from distill_tf.data.batches import TrainingBatches
from distill_tf.general_distillation.masked_texts import MaskedTexts
from distill_tf.text import EncodedTexts
from distill_tf.text import Vocabulary

VOCABULARY = Vocabulary(TOKENS)
LENGTHS = [7, 3, 120, 42]
INDICES = np.array([2, 0, 3, 1])


def texts(lengths=LENGTHS):
    generator = np.random.default_rng(0)
    special = [VOCABULARY.tokens.index(t) for t in ("[PAD]", "[CLS]", "[SEP]")]
    ordinary = np.setdiff1d(np.arange(len(VOCABULARY)), special)
    rows = []
    for length in lengths:
        row = generator.choice(ordinary, length)
        row[0], row[-1] = VOCABULARY.cls_id, VOCABULARY.sep_id
        rows.append(row)
    tokens = np.concatenate(rows).astype(np.int32)
    return EncodedTexts(
        token_ids=tokens,
        segment_ids=np.zeros(len(tokens), np.uint8),
        row_splits=np.cumsum([0, *lengths]),
        pad_id=VOCABULARY.pad_id,
        num_truncated=0,
    )


def masked(probability=0.15, seed=3, lengths=LENGTHS):
    return MaskedTexts.of(texts(lengths), VOCABULARY, probability, seed)


def test_exactly_the_share_of_each_row_is_chosen():
    batch = masked().pad(INDICES, 120)
    counts = (batch["masked_token_ids"] >= 0).sum(axis=1)
    # 118, 5, 40 and 1 tokens without [CLS] and [SEP].
    assert counts.tolist() == [18, 1, 6, 1]
    assert batch["masked_positions"].shape == (4, 18)
    assert batch["masked_positions"].dtype == batch["masked_token_ids"].dtype


def test_what_was_there_is_remembered_and_the_rest_is_untouched():
    plain, batch = texts().pad(INDICES, 120), masked().pad(INDICES, 120)
    assert batch["token_ids"].dtype == plain["token_ids"].dtype
    restored = batch["token_ids"].copy()
    for row, (positions, tokens) in enumerate(
        zip(batch["masked_positions"], batch["masked_token_ids"], strict=True)
    ):
        there = tokens >= 0
        # In the order of the text, none twice; then nothing.
        assert (np.diff(positions[there]) > 0).all()
        assert (np.diff(there.astype(int)) <= 0).all()
        assert not positions[~there].any()
        restored[row, positions[there]] = tokens[there]
    np.testing.assert_array_equal(restored, plain["token_ids"])
    for name in ("padding_mask", "segment_ids"):
        np.testing.assert_array_equal(batch[name], plain[name])


@pytest.mark.parametrize("probability", [0.15, 1.0])
def test_special_tokens_and_padding_are_never_chosen(probability):
    batch = masked(probability).pad(INDICES, 125)
    tokens = batch["masked_token_ids"]
    assert not np.isin(tokens, [VOCABULARY.cls_id, VOCABULARY.sep_id]).any()
    assert VOCABULARY.pad_id not in tokens
    if probability == 1:
        assert (tokens >= 0).sum(axis=1).tolist() == [118, 5, 40, 1]


def test_what_chosen_tokens_become():
    rows = masked(0.5, lengths=[400] * 60)
    batch = rows.pad(np.arange(60), 400)
    now = np.take_along_axis(batch["token_ids"], batch["masked_positions"], axis=1)
    share_masked = (now == VOCABULARY.mask_id).mean()
    share_kept = (now == batch["masked_token_ids"]).mean()
    # 11,940 tokens; a random one is [MASK] or the old one now and then.
    once = 0.1 / len(VOCABULARY)
    assert share_masked == pytest.approx(0.8 + once + 0.1 / 34, abs=0.015)
    assert share_kept == pytest.approx(0.1 + once + 0.8 / 34, abs=0.015)


def test_the_choice_is_the_batchs():
    rows = masked()
    once, again = rows.pad(INDICES, 120), masked().pad(INDICES, 120)
    for name, array in once.items():
        np.testing.assert_array_equal(again[name], array, err_msg=name)
    # The long row, in another batch and under another seed.
    in_another_batch = rows.pad(INDICES[::-1], 120)["masked_positions"][3]
    under_another_seed = masked(seed=4).pad(INDICES, 120)["masked_positions"][0]
    for other in (in_another_batch, under_another_seed):
        assert set(other.tolist()) != set(once["masked_positions"][0].tolist())


def test_each_epoch_masks_a_row_that_is_alone_in_its_batch_anew():
    batches = TrainingBatches(
        masked(lengths=[120, 120]), np.int32([-1, -1]), batch_size=1, seed=0
    )

    def epoch(number, seen=0):
        return [
            (int(x["example_ids"][0]), x["student"]["masked_positions"].numpy())
            for x, _ in batches.epoch(number, seen)
        ]

    first, second = dict(epoch(0)), dict(epoch(1))
    for row in (0, 1):
        assert set(first[row].ravel()) != set(second[row].ravel())
    # After a break in the middle of an epoch they are that epoch's.
    ((row, masks),) = epoch(1, seen=1)
    np.testing.assert_array_equal(masks, second[row])
