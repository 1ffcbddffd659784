"""Names and numbers for command lines: imports nothing heavy."""

from distill_tf.errors import DistillError

FORMATS = ("savedmodel", "pytorch", "keras_hub", "google", "onnx", "litert")

# On how many texts of a dev set exports are compared: the whole of most, and enough
# to tell a point of accuracy of the larger ones.
NUM_TEXTS = 2000


def parse_formats(names: str) -> tuple[str, ...]:
    """The formats of a flag such as "savedmodel,onnx", each of them once.

    Raises:
        DistillError: If there is none, or one that does not exist.
    """
    formats = dict.fromkeys(name.strip() for name in names.split(",") if name.strip())
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise DistillError(
            "the formats to export to must be some of "
            f"{', '.join(FORMATS)}, separated by commas, but are {names!r}."
        )
    return tuple(formats)
