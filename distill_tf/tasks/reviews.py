"""Review sentiment: IMDB (Maas et al. 2011) and the Chinese ChnSentiCorp."""

from distill_tf.tasks.delimited import DelimitedFile
from distill_tf.tasks.source import Source
from distill_tf.tasks.task import Task
from distill_tf.tasks.text_folder import TextFolder
from distill_tf.tasks.tfds import TfdsProvider

_POLARITIES = ("neg", "pos")


def _imdb_table(name: str) -> Source:
    """A file without a header: label, text."""
    return DelimitedFile((name,), (1,), 0, header=False, columns=2)


def _chnsenticorp_table(name: str) -> tuple[Source, ...]:
    return (DelimitedFile((name,), ("text_a",), "label"),)


# IMDB has no official dev set: as most published results do, the test set serves as
# one, so a figure on it is optimistic where it also chose the weights. The line
# breaks of the reviews are HTML, which a word-piece vocabulary would shatter into
# four tokens each; a space replaces them.
IMDB = Task(
    name="imdb",
    labels=_POLARITIES,
    is_pair=False,
    metrics=("accuracy", "f1"),
    files={
        "train": (TextFolder("train", _POLARITIES), _imdb_table("train.tsv")),
        "train_aug": (_imdb_table("train_aug.tsv"),),
        "unlabelled": (TextFolder("train", ("unsup",)),),
        "dev": (_imdb_table("dev.tsv"), TextFolder("test", _POLARITIES)),
        "test": (TextFolder("test", _POLARITIES), _imdb_table("test.tsv")),
    },
    provider=TfdsProvider(
        "imdb_reviews",
        texts=("text",),
        labels={"neg": "neg", "pos": "pos"},
        split_names={
            "train": "train",
            "unlabelled": "unsupervised",
            "dev": "test",
            "test": "test",
        },
    ),
    label_aliases={"0": "neg", "1": "pos"},
    replacements=(("<br />", " "),),
)

CHNSENTICORP = Task(
    name="chnsenticorp",
    labels=("0", "1"),
    is_pair=False,
    metrics=("accuracy",),
    files={
        "train": _chnsenticorp_table("train.tsv"),
        "train_aug": _chnsenticorp_table("train_aug.tsv"),
        "dev": _chnsenticorp_table("dev.tsv"),
        "test": _chnsenticorp_table("test.tsv"),
    },
)
