"""Which teacher layer each student layer learns from.

A map over hidden states counts the embeddings as 0 and the output of the i-th
transformer layer as i, so it runs over 0..M for a student of M layers and 0..N for a
teacher of N. A map over attention counts the transformer layers themselves from zero,
0..M-1 and 0..N-1; it always follows from the hidden-state map.
"""

import re
from collections.abc import Sequence

from distill_tf.errors import DistillError
from distill_tf.objectives.layer_pairs import LayerPairs

LayerMap = LayerPairs  # Ascending in the student.

STRATEGIES = ("uniform", "last", "skip")

LAYER_LIST = re.compile(r"\d+(,\d+)*")
_PAIR_LIST = re.compile(r"\d+:\d+(,\d+:\d+)*")


def hidden_state_map(spec: str, student_layers: int, teacher_layers: int) -> LayerMap:
    """Pairs of hidden states, index 0 being the embeddings.

    The strategies for a student of M and a teacher of N layers, k = floor(N / M):

    ========  =====================  ================  =========  ==============
    strategy  student i learns from  12 -> 6           6 -> 4     12 -> 5
    ========  =====================  ================  =========  ==============
    uniform   round(i N / M)         0 2 4 6 8 10 12   0 2 3 5 6  0 2 5 7 10 12
    last      N - (M - i)            0 7 8 9 10 11 12  0 3 4 5 6  0 8 9 10 11 12
    skip      N - k (M - i)          0 2 4 6 8 10 12   0 3 4 5 6  0 4 6 8 10 12
    ========  =====================  ================  =========  ==============

    In all three the embeddings learn from the embeddings (i = 0) and the top layer
    from the top layer. uniform is TinyBERT's g(i) = k i (Jiao et al., 2020) where M
    divides N, and rounds halves up elsewhere; it alone is defined for a student deeper
    than its teacher. last and skip are PKD-Last and PKD-Skip (Sun et al., "Patient
    Knowledge Distillation for BERT Model Compression", 2019), which themselves leave
    the embeddings and the top pair out of the loss. PKD gives skip only where M divides
    N, and there it equals uniform; elsewhere ours keeps the stride k from the top down.

    Args:
        spec: A strategy's name; or the teacher's hidden state for each of the student's
            layers 1..M, e.g. ``"2,3,5,6"`` (embeddings are paired with embeddings); or
            ``student:teacher`` pairs, e.g. ``"0:0,2:3,4:6"``, which may leave student
            layers out.
        student_layers: M >= 1.
        teacher_layers: N >= 1.

    Returns:
        The pairs, in ascending order of the student's index.

    Raises:
        DistillError: The spec is malformed, has a wrong count, names a student layer
            twice or a layer that does not exist, or its strategy needs M <= N.
    """
    spec = "".join(spec.split())
    if spec in STRATEGIES:
        return _strategy_map(spec, student_layers, teacher_layers)
    if LAYER_LIST.fullmatch(spec):
        teachers = [int(layer) for layer in spec.split(",")]
        if len(teachers) != student_layers:
            raise DistillError(
                f"Layer map {spec!r} lists {len(teachers)} teacher layers for a "
                f"student of {student_layers} layers: list exactly {student_layers}, "
                "or write student:teacher pairs."
            )
        pairs = [(0, 0), *enumerate(teachers, start=1)]
    elif _PAIR_LIST.fullmatch(spec):
        pairs = [tuple(map(int, pair.split(":"))) for pair in spec.split(",")]
    else:
        raise DistillError(
            f"Expected a layer map such as {', '.join(STRATEGIES)}, '2,3,5,6' or "
            f"'0:0,1:2,2:3', but got {spec!r}: correct it."
        )
    _check_pairs(spec, pairs, student_layers, teacher_layers)
    return tuple(sorted(pairs))


def attention_map(hidden_states: LayerMap) -> LayerMap:
    """Pairs of transformer layers, counted from zero, under a hidden-state map.

    Hidden states (s, t) pair layers s - 1 and t - 1, the ones that compute them. For
    the uniform map with M dividing N it is TinyBERT's k i + k - 1. A pair that touches
    the embeddings drops out, as no attention computes those.

    Args:
        hidden_states: A map made by `hidden_state_map`.

    Returns:
        The pairs, in ascending order of the student's layer; perhaps empty.
    """
    return tuple(
        (student - 1, teacher - 1)
        for student, teacher in hidden_states
        if student > 0 and teacher > 0
    )


def _strategy_map(strategy: str, student_layers: int, teacher_layers: int) -> LayerMap:
    if strategy == "uniform":
        # Integer arithmetic: round() would take 4.5 to the even 4.
        return tuple(
            (i, (2 * i * teacher_layers + student_layers) // (2 * student_layers))
            for i in range(student_layers + 1)
        )
    if student_layers > teacher_layers:
        raise DistillError(
            f"Layer map {strategy!r} needs a student no deeper than its teacher, but "
            f"the student has {student_layers} layers and the teacher "
            f"{teacher_layers}: use 'uniform' or an explicit map."
        )
    stride = teacher_layers // student_layers if strategy == "skip" else 1
    above_embeddings = (
        (i, teacher_layers - stride * (student_layers - i))
        for i in range(1, student_layers + 1)
    )
    return ((0, 0), *above_embeddings)


def _check_pairs(
    spec: str,
    pairs: Sequence[tuple[int, int]],
    student_layers: int,
    teacher_layers: int,
) -> None:
    seen = set()
    for student, teacher in pairs:
        for model, layer, layers in (
            ("student", student, student_layers),
            ("teacher", teacher, teacher_layers),
        ):
            if layer > layers:
                raise DistillError(
                    f"Layer map {spec!r} names hidden state {layer} of the {model}, "
                    f"which has {layers} layers: use 0 (embeddings) to {layers}."
                )
        if student in seen:
            raise DistillError(
                f"Layer map {spec!r} pairs hidden state {student} of the student "
                "twice: name each at most once."
            )
        seen.add(student)
