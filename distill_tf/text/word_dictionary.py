"""Word lists of others, such as Senta's dictionary of Chinese words."""

import os

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary_file import read_lines
from distill_tf.text.word_vocabulary import WordVocabulary


def load_word_dictionary(path: str | os.PathLike) -> WordVocabulary:
    """Reads a dictionary of one word a line, the first of the tab-separated fields.

    A word that comes again, as it may with another frequency or part of speech, is
    skipped: the ids count distinct words. The words for padding and unknown words are
    not added silently, for a list without them is most likely another kind of file.

    Args:
        path: A UTF-8 file.

    Returns:
        The words in the order of the file.

    Raises:
        DistillError: If the file is missing or not UTF-8, if a line has no word, or if
            the word for padding or for unknown words is missing (`WordVocabulary`
            says how they are written).
    """
    lines = read_lines(path, "give a file of one word a line")
    words = [line.partition("\t")[0] for line in lines]
    if "" in words:
        line = words.index("") + 1
        raise DistillError(
            f"{path}:{line}: expected a word, or a word and a tab, but found "
            f"{lines[line - 1]!r}: remove the line."
        )
    return WordVocabulary(dict.fromkeys(words), source=str(path))
