"""Outputs of two towers and of an aligned cross-encoder, made up or computed."""

import numpy as np

BATCH, HEADS, SIZE, WIDTH = 3, 2, 4, 6
# Tokens without [CLS] and [SEP]: each side's lengths, and what they are padded to.
TOKENS = {"first": (4, 2, 3), "second": (2, 5, 4)}
PADDED = {"first": 4, "second": 5}


def tower_mask(side, padded=PADDED):
    """[CLS], tokens, PAD, [SEP]."""
    tokens = np.arange(padded[side]) < np.array(TOKENS[side])[:, None]
    ends = np.ones((BATCH, 1), bool)
    return np.concatenate([ends, tokens, ends], axis=1)


def make_towers(layers, seed=1, heads=HEADS, width=WIDTH):
    """What a two-tower student gives, as far as these objectives read it."""
    rng = np.random.default_rng(seed)
    return {
        side: {
            "padding_mask": tower_mask(side),
            **{
                name: list(
                    rng.normal(size=(layers, BATCH, heads, length + 2, SIZE)).astype(
                        np.float32
                    )
                )
                for name in ("queries", "keys")
            },
            "hidden_states": list(
                rng.normal(size=(layers + 1, BATCH, length + 2, width)).astype(
                    np.float32
                )
            ),
        }
        for side, length in PADDED.items()
    }


def make_teacher(layers, seed=2, heads=HEADS, width=WIDTH):
    """What a cross-encoder of the layout [CLS] a PAD [SEP] b PAD [SEP] gives."""
    rng = np.random.default_rng(seed)
    length = sum(PADDED.values()) + 3
    scores = rng.normal(size=(layers, BATCH, heads, length, length))
    states = rng.normal(size=(layers + 1, BATCH, length, width))
    return {
        "padding_mask": np.concatenate(
            [tower_mask("first"), tower_mask("second")[:, 1:]], axis=1
        ),
        "attention_scores": list(scores.astype(np.float32)),
        "hidden_states": list(states.astype(np.float32)),
    }


def blocks(scores):
    """The teacher's scores from text to text, cut as the layout says, by query side."""
    rows = PADDED["first"] + 2
    return {
        "first": scores[:, :, 1 : rows - 1, rows:-1],
        "second": scores[:, :, rows:-1, 1 : rows - 1],
    }


def with_agreeing_scores(teacher, towers, layer_map):
    """The teacher with the scores that the towers' queries and keys make."""
    scores = [array.copy() for array in teacher["attention_scores"]]
    for student_layer, teacher_layer in layer_map:
        for query, key in (("first", "second"), ("second", "first")):
            products = np.einsum(
                "bhqd,bhkd->bhqk",
                towers[query]["queries"][student_layer][:, :, 1:-1],
                towers[key]["keys"][student_layer][:, :, 1:-1],
            )
            blocks(scores[teacher_layer])[query][...] = products / np.sqrt(SIZE)
    return {**teacher, "attention_scores": scores}
