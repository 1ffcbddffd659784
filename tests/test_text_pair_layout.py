"""Where tokens, special tokens and padding stand in the layouts of pairs."""

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_towers import SIDE_LENGTHS
from tiny_towers import TEXTS_A
from tiny_towers import TEXTS_B
from tiny_towers import make_pair_encoder

from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.text import TextSettings
from distill_tf.text import encode_all
from distill_tf.text import split_max_seq_length

A_TOKENS, D_TOKENS = (length - 2 for length in SIDE_LENGTHS)


def words(row):
    return [TOKENS[token] for token in row["token_ids"].tolist()]


def padded(layout, rows=(0, 1), **settings):
    encoder = make_pair_encoder(layout, **settings)
    return pad(encode_all(encoder, TEXTS_A, TEXTS_B), np.array(rows))


def one(inputs, row):
    return {name: array[row] for name, array in inputs.items()}


def test_a_tower_has_its_padding_before_the_last_token():
    row = one(padded("towers")["first"], 1)
    # The other text has three tokens; a row of the full length has nine.
    assert words(row) == ["[CLS]", "d", *["[PAD]"] * 3, "[SEP]"]
    assert row["padding_mask"].tolist() == [True, True, *[False] * 3, True]
    assert row["segment_ids"].tolist() == [0] * 6
    assert row["position_ids"].tolist() == [*range(5), 8]


def test_a_pair_in_one_row_has_padding_after_each_text():
    row = one(padded("bipartite"), 1)
    assert words(row) == [
        *("[CLS]", "d", *["[PAD]"] * 3, "[SEP]"),
        *("b", "c", "d", "e", "f", "[PAD]", "[SEP]"),
    ]
    assert row["segment_ids"].tolist() == [0] * 6 + [1] * 7
    mask = [True, True, *[False] * 3, True, *[True] * 5, False, True]
    assert row["padding_mask"].tolist() == mask
    # Six columns for the nine tokens that a second text may have.
    assert row["position_ids"].tolist() == [*range(5), 8, *range(9, 15), 18]


def test_positions_are_those_of_the_full_length():
    lengths = (30, 40)
    pair = padded("bipartite", lengths=lengths)
    towers = padded("towers", lengths=lengths)
    assert pair["position_ids"][0].tolist() == [*range(5), 29, *range(30, 36), 68]
    assert towers["first"]["position_ids"][0].tolist() == [*range(5), 29]
    assert towers["second"]["position_ids"][0].tolist() == [*range(7), 39]


@pytest.mark.parametrize("pads_to_max", [False, True])
def test_tokens_of_both_layouts_stand_side_by_side(pads_to_max):
    towers = padded("towers", (0, 3, 4), pads_to_max=pads_to_max)
    pair = padded("bipartite", (0, 3, 4), pads_to_max=pads_to_max)
    first, second = towers["first"], towers["second"]
    width = first["token_ids"].shape[1] - 2
    for name in ("token_ids", "padding_mask"):
        np.testing.assert_array_equal(pair[name][:, : width + 2], first[name])
        np.testing.assert_array_equal(pair[name][:, width + 2 :], second[name][:, 1:])
    if pads_to_max:
        assert (width, second["token_ids"].shape[1] - 2) == (A_TOKENS, D_TOKENS)


def test_each_side_is_cut_at_its_own_length():
    towers = padded("towers", (2, 3))
    assert towers["first"]["padding_mask"].sum(axis=1).tolist() == [2 + A_TOKENS, 4]
    assert towers["second"]["padding_mask"].sum(axis=1).tolist() == [3, 2 + D_TOKENS]


def test_a_text_without_tokens_is_one_unknown():
    encoded = encode_all(make_pair_encoder(), [""], [" "])
    assert words(one(pad(encoded, np.array([0]))["first"], 0))[:2] == ["[CLS]", "[UNK]"]


def test_one_length_is_split_as_the_official_code_does():
    assert split_max_seq_length(259) == (130, 130)
    settings = TextSettings.of_pairs("bipartite", True, (64, 328))
    assert settings.max_seq_length == 391
    assert settings.max_tokens == (62, 326)


def test_settings_of_pairs_round_trip(tmp_path):
    for layout in ("bipartite", "towers"):
        settings = TextSettings.of_pairs(layout, False, (7, 9), pads_to_max=True)
        settings.save(tmp_path / "text.json")
        assert TextSettings.load(tmp_path / "text.json") == settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"layout": "towers"}, "at least 3, but they are 0 and 0"),
        (
            {
                "layout": "towers",
                "max_seq_length_query": 4,
                "max_seq_length_doc": 5,
            },
            "of both texts in one row, 8, but is 19",
        ),
        ({"max_seq_length_doc": 5}, "layout bert has no maximum a side"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        TextSettings(True, 19, **settings)


def test_a_length_without_room_is_refused():
    with pytest.raises(DistillError, match="at least 3, .* but are 2 and 9"):
        TextSettings.of_pairs("towers", True, (2, 9))
