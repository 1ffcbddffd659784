"""Which options name files or folders, and when two values name the same ones."""

import os

# Those that a run is known by; by name, since several commands have the same ones.
PATH_OPTIONS = frozenset(
    {
        "aug_dir",
        "bert_config_file",
        "data_dir",
        "embedding_path",
        "init_checkpoint",
        "init_checkpoint_student",
        "init_checkpoint_teacher",
        "teacher_logits",
        "vocab_file",
        "vocab_path",
    }
)


def lead_to_the_same(value: str, other: str) -> bool:
    """Whether two values of such an option differ in nothing but the spelling.

    A relative path and an absolute one may lead to the same place, with or without a
    slash at the end. Several paths are separated by commas.
    """
    return _places(value) == _places(other)


def _places(value: str) -> list[str]:
    parts = (part.strip() for part in value.split(","))
    # The real path of nothing would be the working directory.
    return [part and os.path.realpath(part) for part in parts]
