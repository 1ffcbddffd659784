"""Which class of a task of pairs says that the two texts belong together."""

from collections.abc import Sequence

from distill_tf.errors import DistillError

# Of natural language inference, and of the generated pairs.
_NAMES = ("entailment", "support")
_NUMBERED = ("0", "1")


def positive_class(contrast_class: int | None, labels: Sequence[str]) -> int:
    """The class that `contrast_class` gives, else the one that the labels' names tell.

    That is entailment, or of two classes 0 and 1 (MRPC's, QQP's) the second.

    Args:
        contrast_class: the setting.
        labels: the names of the task's classes, in order.

    Raises:
        DistillError: there is no such class, or the names do not tell.
    """
    named = ", ".join(f"{number} ({name})" for number, name in enumerate(labels))
    if contrast_class is not None:
        if contrast_class >= len(labels):
            raise DistillError(
                f"contrast_class is {contrast_class}, but the classes are {named}; "
                "give one of these."
            )
        return contrast_class
    if tuple(labels) == _NUMBERED:
        return 1
    found = [n for n, name in enumerate(labels) if name.casefold() in _NAMES]
    if not found:
        raise DistillError(
            "use_contrast_self needs the class of texts that belong together, which "
            f"the names {named} do not tell; give it with contrast_class."
        )
    return found[0]
