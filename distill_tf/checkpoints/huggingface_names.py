"""The table of Hugging Face's BERT parameter names.

A linear layer of PyTorch holds its weight as [out, in], the transpose of a
google-research/bert kernel. Its classifier weight is [classes, hidden], as is
`output_weights`.
"""

import re
from typing import NamedTuple

_EMBEDDINGS = {
    "word_embeddings": "word_embeddings.weight",
    "position_embeddings": "position_embeddings.weight",
    "token_type_embeddings": "token_type_embeddings.weight",
    "LayerNorm/gamma": "LayerNorm.weight",
    "LayerNorm/beta": "LayerNorm.bias",
}
_LAYER = {
    "attention/self/query/kernel": "attention.self.query.weight",
    "attention/self/query/bias": "attention.self.query.bias",
    "attention/self/key/kernel": "attention.self.key.weight",
    "attention/self/key/bias": "attention.self.key.bias",
    "attention/self/value/kernel": "attention.self.value.weight",
    "attention/self/value/bias": "attention.self.value.bias",
    "attention/output/dense/kernel": "attention.output.dense.weight",
    "attention/output/dense/bias": "attention.output.dense.bias",
    "attention/output/LayerNorm/gamma": "attention.output.LayerNorm.weight",
    "attention/output/LayerNorm/beta": "attention.output.LayerNorm.bias",
    "intermediate/dense/kernel": "intermediate.dense.weight",
    "intermediate/dense/bias": "intermediate.dense.bias",
    "output/dense/kernel": "output.dense.weight",
    "output/dense/bias": "output.dense.bias",
    "output/LayerNorm/gamma": "output.LayerNorm.weight",
    "output/LayerNorm/beta": "output.LayerNorm.bias",
}
_POOLER = {
    "bert/pooler/dense/kernel": "bert.pooler.dense.weight",
    "bert/pooler/dense/bias": "bert.pooler.dense.bias",
}
_HEAD = {
    "output_weights": "classifier.weight",
    "output_bias": "classifier.bias",
}
_LAYER_NAME = re.compile(r"bert/encoder/layer_(\d+)/(.+)")
_THEIR_LAYER_NAME = re.compile(r"bert\.encoder\.layer\.(\d+)\.(.+)")


class HuggingFaceName(NamedTuple):
    """A parameter's name, and whether it is the transpose of the canonical array."""

    name: str
    is_transposed: bool


def huggingface_name(canonical: str) -> HuggingFaceName:
    """Hugging Face's name, in `BertForSequenceClassification`, of a canonical one.

    Raises:
        KeyError: the name is not one of a BERT encoder, pooler or head.
    """
    is_transposed = canonical.endswith("/kernel")
    if match := _LAYER_NAME.fullmatch(canonical):
        number, name = match.groups()
        return HuggingFaceName(
            f"bert.encoder.layer.{number}.{_LAYER[name]}", is_transposed
        )
    if (name := canonical.removeprefix("bert/embeddings/")) in _EMBEDDINGS:
        return HuggingFaceName(f"bert.embeddings.{_EMBEDDINGS[name]}", False)
    return HuggingFaceName({**_POOLER, **_HEAD}[canonical], is_transposed)


def canonical_name(name: str) -> str | None:
    """The canonical name of a parameter in a file of any age, None if it has none.

    The inverse of `huggingface_name`, which also knows that a bare BertModel is saved
    without the "bert." prefix, and that conversions from TensorFlow of before 2020
    call a LayerNorm's parameters gamma and beta.
    """
    if name.startswith(("embeddings.", "encoder.", "pooler.")):
        name = f"bert.{name}"
    name = re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name)
    name = re.sub(r"LayerNorm\.beta$", "LayerNorm.bias", name)
    if match := _THEIR_LAYER_NAME.fullmatch(name):
        number, name = match.groups()
        ours = _inverse(_LAYER).get(name)
        return ours and f"bert/encoder/layer_{number}/{ours}"
    ours = _inverse(_EMBEDDINGS).get(name.removeprefix("bert.embeddings."))
    if ours:
        return f"bert/embeddings/{ours}"
    return _inverse({**_POOLER, **_HEAD}).get(name)


def _inverse(table: dict[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, theirs in table.items()}
