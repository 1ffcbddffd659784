"""The vocabulary that stands beside a checkpoint's weights."""

from collections.abc import Container
from pathlib import Path

from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.errors import DistillError
from distill_tf.text.vocabulary import Vocabulary


def find_tokens(
    folder: Path, names: tuple[str, ...], vocab_file: str | Path | None
) -> tuple[str, ...] | None:
    """The tokens in the file that the user gave, else in the first that exists.

    A file that ends in .json is read as a tokenizer.json, others as a vocab.txt.

    Raises:
        DistillError: the file that the user gave is absent, or a file is no sound
            WordPiece vocabulary.
    """
    paths = [Path(vocab_file)] if vocab_file else [folder / name for name in names]
    path = next((path for path in paths if vocab_file or path.is_file()), None)
    if path is None:
        return None
    if path.suffix == ".json":
        return _read_tokenizer_json(path)
    return Vocabulary.load(path).tokens


def guess_lower_case(tokens: Container[str]) -> bool | None:
    """Whether a vocabulary is of lowercased text: it has an "a" but no "A".

    A vocabulary without Latin letters tells nothing, and gives None.
    """
    if "A" in tokens:
        return False
    return True if "a" in tokens else None


def _read_tokenizer_json(path: Path) -> tuple[str, ...]:
    model = read_json_object(path).get("model")
    model = model if isinstance(model, dict) else {}
    ids = model.get("vocab")
    # Files of before tokenizers 0.10 do not state the type.
    if model.get("type", "WordPiece") != "WordPiece" or not isinstance(ids, dict):
        raise DistillError(
            f"{path} was expected to hold a WordPiece vocabulary, but its model is "
            f"{model.get('type')!r}; give a vocab.txt."
        )
    tokens = sorted(ids, key=ids.get)
    if [ids[token] for token in tokens] != list(range(len(tokens))):
        raise DistillError(
            f"the ids in {path} were expected to be 0 to {len(tokens) - 1} without a "
            "gap, but are not; give a vocab.txt."
        )
    return Vocabulary(tokens, source=str(path)).tokens
