"""The same texts as several models read them."""

import numpy as np
from tiny_bert import TOKENS

from distill_tf.text import SeveralEncoders
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder
from distill_tf.text import encode_all

TEXTS = ["A b", "c d a b c d", ""]


def make(max_seq_length=6, tokens=TOKENS, do_lower_case=True) -> TextEncoder:
    settings = TextSettings(do_lower_case, max_seq_length)
    return TextEncoder.from_settings(Vocabulary(tokens), settings)


def test_encoders_that_read_alike_become_one():
    several = SeveralEncoders([make(), make(), make(5), make(do_lower_case=False)])
    first, second, shorter, cased = several.encoders
    assert first is second
    assert len({first, shorter, cased}) == 3
    calls = []
    several.encode_each(lambda one: calls.append(one) or encode_all(one, TEXTS))
    assert calls == [first, shorter, cased]


def test_encoders_of_pairs_that_read_alike_become_one():
    layouts = ("bipartite", "bipartite", "towers")
    first, second, other = SeveralEncoders(
        [
            build_encoder(
                Vocabulary(TOKENS), TextSettings.of_pairs(layout, True, (6, 8))
            )
            for layout in layouts
        ]
    ).encoders
    assert first is second is not other


def test_what_is_said_of_all_parts_together():
    several = SeveralEncoders([make(5), make(7)])
    encoded = encode_all(several, TEXTS)
    assert several.max_seq_length == 7
    assert len(encoded) == 3
    np.testing.assert_array_equal(encoded.lengths, [4, 7, 2])
    # Five tokens of the second text are too many for both.
    assert encoded.num_truncated == 1
    for part, encoder in zip(encoded.parts, several.encoders, strict=True):
        alone = encode_all(encoder, TEXTS)
        np.testing.assert_array_equal(part.token_ids, alone.token_ids)
