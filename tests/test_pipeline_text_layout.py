"""How a classifier of a run reads text."""

import pytest
from tiny_bert import TOKENS
from tiny_runs import fine_tune_config

from distill_tf.errors import DistillError
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.pipeline.text_layout import check_side_lengths
from distill_tf.pipeline.text_layout import decide_lower_case
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder


def encoder(layout):
    settings = TextLayout(layout).settings(15, do_lower_case=True, is_pair=True)
    return build_encoder(Vocabulary(TOKENS), settings)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((), True),
        ((None, None), True),
        ((None, False), False),
        ((False, True), False),
        ((True, False), True),
    ],
)
def test_who_says_first_decides_the_casing(said, expected):
    assert decide_lower_case(*said) is expected


@pytest.mark.parametrize("layout", ["bipartite", "towers"])
def test_layouts_of_pairs_are_not_for_single_texts(layout):
    with pytest.raises(DistillError, match=f"layout {layout} is for pairs, but"):
        TextLayout(layout).settings(15, do_lower_case=True, is_pair=False)


@pytest.mark.parametrize(
    ("max_seq_length", "layout", "warns"),
    [
        (128, TextLayout(), False),
        (259, TextLayout(), True),
        (19, TextLayout(max_seq_length_doc=5), True),
        (19, TextLayout("bipartite", 7, 9), False),
        # 6 and 6.
        (11, TextLayout(), True),
    ],
)
def test_a_length_that_a_checkpoint_of_two_sides_does_not_read(
    max_seq_length, layout, warns, caplog
):
    settings = layout.settings(max_seq_length, True, True, saved_lengths=(6, 8))
    assert settings.layout == "bipartite"
    assert ("no effect: the checkpoint reads texts of 6 and 8" in caplog.text) is warns


@pytest.mark.parametrize("name", ["max_seq_length_query", "max_seq_length_doc"])
def test_lengths_a_side_need_somebody_who_reads_so(name):
    given = fine_tune_config(**{name: 7})
    for layouts in (["bipartite"], ["towers"], ["bert", "towers"]):
        check_side_lengths(given, map(encoder, layouts))
    check_side_lengths(fine_tune_config(), [encoder("bert")])
    with pytest.raises(DistillError, match=f"{name} limits one text .*=bipartite, or"):
        check_side_lengths(given, [encoder("bert")])
