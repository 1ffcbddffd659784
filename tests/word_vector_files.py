"""Small files of word vectors in the three formats."""

import numpy as np


def write_glove(path, words, matrix):
    rows = [format_row(*row) for row in zip(words, matrix, strict=True)]
    path.write_text("".join(rows), encoding="utf-8")


def write_word2vec_text(path, words, matrix):
    rows = [format_row(*row, end=" \n") for row in zip(words, matrix, strict=True)]
    header = "{} {}\n".format(*np.shape(matrix))
    path.write_text(header + "".join(rows), encoding="utf-8")


def write_word2vec_binary(path, words, matrix, row_end=b"\n"):
    header = "{} {}\n".format(*np.shape(matrix)).encode()
    rows = [
        word.encode() + b" " + np.asarray(row, "<f4").tobytes() + row_end
        for word, row in zip(words, matrix, strict=True)
    ]
    path.write_bytes(header + b"".join(rows))


def format_row(word, numbers, end="\n"):
    return " ".join([word, *(repr(float(number)) for number in numbers)]) + end
