"""Files of one token a line, where the line number is the token's id."""

import os
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.files import write_text_atomically


def read_lines(path: str | os.PathLike, advice: str) -> list[str]:
    r"""Reads a UTF-8 file line by line.

    Only `\n` and `\r\n` end a line, since real vocabularies hold tokens such as U+2028
    which `str.splitlines` would break at. Empty lines at the end are ignored.

    Args:
        path: The file.
        advice: How to mend it if the file cannot be read, for the message.

    Returns:
        The lines without their ends.

    Raises:
        DistillError: If the file is missing or is not UTF-8.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DistillError(
            f"The vocabulary {path} could not be read ({error.strerror}): {advice}."
        ) from error
    lines = [line.removesuffix("\r") for line in _decode(content, path).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def write_lines(path: str | os.PathLike, tokens: Iterable[str]) -> None:
    """Writes the tokens as `read_lines` reads them, replacing the file whole."""
    write_text_atomically(path, "".join(f"{token}\n" for token in tokens))


def index_lines(tokens: Sequence[str], source: str) -> dict[str, int]:
    """Maps each token to its position.

    Args:
        tokens: The tokens in the order of their ids.
        source: What messages call the place the tokens come from.

    Raises:
        DistillError: If a token is empty, spans lines or occurs twice. The message
            names `source` and the token's line, counted from 1.
    """
    ids: dict[str, int] = {}
    for token_id, token in enumerate(tokens):
        place = f"{source}:{token_id + 1}"
        if not token or "\n" in token:
            raise DistillError(
                f"{place}: expected one token but found {token!r}: ids are line "
                "numbers, so restore the original file rather than delete the line."
            )
        if token in ids:
            raise DistillError(
                f"{place}: the token {token!r} stands on line {ids[token] + 1} "
                "already: every token must occur once."
            )
        ids[token] = token_id
    return ids


def _decode(content: bytes, path: str | os.PathLike) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error.object, error.start) from error
    if "\0" in text:  # No token holds one, but every ASCII letter of UTF-16 does.
        raise _not_utf8(path, content, content.index(b"\0"))
    return text


def _not_utf8(path: str | os.PathLike, content: bytes, position: int) -> DistillError:
    before = content[:position]
    line = before.count(b"\n") + 1
    advice = "save the vocabulary as UTF-8"
    if not before.isascii():
        advice = (
            "the text before it is UTF-8, so the file mixes encodings and has to be "
            "converted part by part"
        )
    return DistillError(
        f"{path}:{line}: expected UTF-8 but found the byte 0x{content[position]:02x}: "
        f"{advice}."
    )
