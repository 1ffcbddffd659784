"""Tiny classifiers of all kinds, and texts that are hard to read, for exports."""

import json
from pathlib import Path

import keras
import numpy as np
from tiny_bert import TOKENS
from tiny_runs import write_sst2
from tiny_towers import make_pair_encoder
from tiny_towers import make_towers
from tiny_training import STUDENT
from tiny_training import make_classifier

from distill_tf.labels import LabelSet
from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import WordVocabulary
from distill_tf.text import build_encoder

LABELS = ("no", "может быть", "是")
MAX_TOKENS = 9
WORDS = ("<pad>", "<unk>", *"abcdefg", "ab", "好", "电影", "好电影")
TEXTS = [
    "a b c",
    "",
    " \t\n ",
    "ab " * 3334,
    "abc\U0001f600 def é",
    "好电影 a",
    "[SEP] [CLS] a\x00b",
    "f",
]
# With bytes that are not UTF-8, as a client may send them.
RAW_TEXTS = [b"a \xff\xfe b", b"\xe4\xb8", b"\xed\xa0\x80 c", b"\xf0\x9f\x98\x80\x80 d"]


def make_predictor(names=LABELS, is_pair=False) -> Predictor:
    """A BERT classifier with random weights."""
    settings = TextSettings(do_lower_case=True, max_seq_length=MAX_TOKENS)
    encoder = TextEncoder.from_settings(Vocabulary(TOKENS), settings)
    labels = LabelSet(tuple(names), is_pair)
    return Predictor(make_classifier(STUDENT, labels.num_outputs), encoder, labels)


def make_word_predictor(
    tokenizer="whitespace",
    is_pair=False,
    *,
    kind=BiLstmClassifier,
    names=LABELS,
    do_lower_case=True,
    **sizes,
) -> Predictor:
    """A student that reads each text by itself, with random weights."""
    vocabulary = (
        Vocabulary(TOKENS) if tokenizer == "wordpiece" else WordVocabulary(WORDS)
    )
    settings = TextSettings(
        do_lower_case, MAX_TOKENS, tokenizer=tokenizer, layout="separate"
    )
    small = {"embedding_size": 5, "dense_size": 7, "initializer_range": 1.0}
    if kind is BiLstmClassifier:
        small["hidden_size"] = 4
    config = kind.config_type(
        vocab_size=len(vocabulary), is_pair=is_pair, **{**small, **sizes}
    )
    labels = LabelSet(tuple(names), is_pair)
    keras.utils.set_random_seed(0)
    model = kind(config, labels.num_outputs)
    generator = np.random.default_rng(0)
    for weight in model.weights:
        if weight.name == "bias":
            weight.assign(generator.normal(scale=0.5, size=weight.shape))
    return Predictor(model, build_encoder(vocabulary, settings), labels)


def make_tower_predictor(
    interaction="late_fusion", names=LABELS, lengths=(9, 20), **settings
) -> Predictor:
    """Two towers with random weights, reading rows of at most so many tokens."""
    labels = LabelSet(tuple(names), is_pair=True)
    model = make_towers(interaction, num_classes=labels.num_outputs, **settings)
    encoder = make_pair_encoder(lengths=lengths, pads_to_max=model.config.strict_virt)
    return Predictor(model, encoder, labels)


def make_bipartite_predictor() -> Predictor:
    """A cross-encoder whose tokens stand as in two towers."""
    labels = LabelSet(LABELS, is_pair=True)
    model = make_classifier(STUDENT, labels.num_outputs, pooling_strategy="mean")
    return Predictor(model, make_pair_encoder("bipartite"), labels)


def columns(predictor: Predictor, texts=TEXTS) -> tuple[list, list | None]:
    """The texts, and for a model of pairs the same ones turned round."""
    return texts, texts[::-1] if predictor.labels.is_pair else None


def decoded(texts: list[bytes]) -> list[str]:
    """What a Python program has after reading such bytes."""
    return [text.decode("utf-8", "replace") for text in texts]


def write_run(folder: Path, is_pair: bool = False) -> Path:
    """What a run on SST-2 leaves, or one on pairs with the same labels."""
    make_predictor(("0", "1"), is_pair).save(folder)
    values = {"task_name": "sst-2", "data_dir": write_sst2(folder.parent / "data")}
    (folder / "run_config.json").write_text(json.dumps(values), "utf-8")
    return folder
