"""Pairs (student layer, teacher layer), as objectives between layers hold them."""

LayerPairs = tuple[tuple[int, int], ...]


def teacher_layers(pairs: LayerPairs) -> tuple[int, ...]:
    """The teacher's layers, each once."""
    return tuple(dict.fromkeys(teacher for _, teacher in pairs))


def spec_of(pairs: LayerPairs) -> str:
    """As a layer map is given in a configuration, such as "0:0,1:2"."""
    return ",".join(f"{student}:{teacher}" for student, teacher in pairs)
