"""The tokenizer files give the ids that ours gives."""

import json

import pytest
from export_students import EXPORT_TOKENS
from export_students import ODD_TEXTS
from export_students import PARTNERS
from export_students import PLAIN_TEXTS
from tokenizers import Tokenizer

from distill_tf.export.huggingface_tokenizer import tokenizer_json
from distill_tf.export.huggingface_tokenizer import write_huggingface_tokenizer
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import encode_all

# Ids other than the usual ones.
REVERSED = EXPORT_TOKENS[::-1]


def ours(vocabulary, do_lower_case, max_seq_length, *texts):
    settings = TextSettings(do_lower_case, max_seq_length)
    encoded = encode_all(TextEncoder.from_settings(vocabulary, settings), *texts)
    rows = zip(encoded.row_splits, encoded.row_splits[1:], strict=False)
    return [
        (encoded.token_ids[a:b].tolist(), encoded.segment_ids[a:b].tolist())
        for a, b in rows
    ]


def theirs(vocabulary, do_lower_case, max_seq_length, rows):
    values = tokenizer_json(vocabulary, do_lower_case, max_seq_length)
    tokenizer = Tokenizer.from_str(json.dumps(values))
    tokenizer.encode_special_tokens = True
    encodings = tokenizer.encode_batch(rows)
    lengths = [sum(each.attention_mask) for each in encodings]
    assert {len(each.ids) for each in encodings} == {max(lengths)}
    return [
        (each.ids[:length], each.type_ids[:length])
        for each, length in zip(encodings, lengths, strict=True)
    ]


@pytest.mark.parametrize("tokens", [EXPORT_TOKENS, REVERSED], ids=["usual", "reversed"])
@pytest.mark.parametrize("do_lower_case", [True, False])
def test_single_texts(tokens, do_lower_case):
    settings = (Vocabulary(tokens), do_lower_case, 10)
    texts = [*PLAIN_TEXTS, *ODD_TEXTS]
    assert theirs(*settings, texts) == ours(*settings, texts)


def test_pairs():
    settings = (Vocabulary(EXPORT_TOKENS), True, 13)
    expected = ours(*settings, PLAIN_TEXTS, PARTNERS)
    pairs = list(zip(PLAIN_TEXTS, PARTNERS, strict=True))
    assert theirs(*settings, pairs) == expected


def test_the_odd_token_of_a_pair_that_is_cut_on_both_sides():
    """The one known difference: we give it to the first text."""
    vocabulary = Vocabulary(EXPORT_TOKENS)
    for lengths, seconds in {(8, 6): 3, (6, 8): 4, (7, 7): 4}.items():
        pair = ["a " * length for length in lengths]
        ((_, segments),) = theirs(vocabulary, True, 10, [tuple(pair)])
        assert sum(segments) == seconds + 1
        ((_, segments),) = ours(vocabulary, True, 10, *([text] for text in pair))
        assert sum(segments) == 3 + 1


@pytest.mark.parametrize("has_mask", [True, False])
def test_special_tokens_are_those_of_the_vocabulary(tmp_path, has_mask):
    tokens = [t for t in EXPORT_TOKENS if has_mask or t != "[MASK]"]
    encoder = TextEncoder.from_settings(Vocabulary(tokens), TextSettings(False, 12))
    write_huggingface_tokenizer(encoder, tmp_path)
    files = {
        path.name: json.loads(path.read_text("utf-8"))
        for path in tmp_path.glob("*.json")
    }
    special = files["special_tokens_map.json"]
    assert special.get("mask_token") == ("[MASK]" if has_mask else None)
    assert files["tokenizer_config.json"]["mask_token"] == special.get("mask_token")
    added = files["tokenizer.json"]["added_tokens"]
    assert {each["content"] for each in added} == set(special.values())
    assert all(tokens[each["id"]] == each["content"] for each in added)
    assert Vocabulary.load(tmp_path / "vocab.txt").tokens == tuple(tokens)
