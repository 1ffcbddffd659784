"""Two-tower losses in plain NumPy, float64, one loop per sum of the formula."""

import math

import numpy as np
from reference import softmax
from reference import valid_positions
from reference_layers import unit


def attention_map_mse(
    queries, keys, teacher_scores, query_mask, key_mask, key_length=None
):
    values = []
    for b in range(len(queries)):
        valid_keys, total, rows = valid_positions(key_mask[b]), 0.0, 0
        for head in range(queries.shape[1]):
            for q in valid_positions(query_mask[b]):
                student = softmax(
                    [
                        sum(queries[b, head, q] * keys[b, head, k])
                        / math.sqrt(queries.shape[-1])
                        for k in valid_keys
                    ]
                )
                teacher = softmax([teacher_scores[b, head, q, k] for k in valid_keys])
                for p, t in zip(student, teacher, strict=True):
                    total += (p - t) ** 2
                rows += 1
        values.append(total / (rows * (key_length or keys.shape[2])))
    return np.array(values)


def cross_attention_loss(student, teacher_scores, layer_map, lengths, strict=False):
    """The whole loss of the source on full-length rows, from its own slices."""
    total = 0.0
    for student_layer, teacher_layer in layer_map:
        scores = teacher_scores[teacher_layer]
        rows = student["first"]["queries"][0].shape[2]
        blocks = {
            "first": scores[:, :, 1 : rows - 1, rows:-1],
            "second": scores[:, :, rows:-1, 1 : rows - 1],
        }
        for query, key, length in (
            ("first", "second", lengths[1]),
            ("second", "first", lengths[0]),
        ):
            query_mask = student[query]["padding_mask"][:, 1:-1]
            if strict:
                query_mask = np.ones_like(query_mask)
            total = total + attention_map_mse(
                student[query]["queries"][student_layer][:, :, 1:-1],
                student[key]["keys"][student_layer][:, :, 1:-1],
                blocks[query],
                query_mask,
                student[key]["padding_mask"][:, 1:-1],
                length,
            )
    return total / len(layer_map)


def contrastive_cross_entropy(anchors, candidates, temperature=1.0):
    values = []
    for b, anchor in enumerate(anchors):
        cosines = [
            sum(unit(anchor) * unit(candidate)) / temperature
            for candidate in candidates
        ]
        values.append(-math.log(softmax(cosines)[b]))
    return np.array(values)


def vector_cosine_distance(student, teacher):
    return np.array(
        [1 - sum(unit(s) * unit(t)) for s, t in zip(student, teacher, strict=True)]
    )


def masked_mean(states, mask):
    return np.array(
        [
            np.mean([row[i] for i in valid_positions(valid)], axis=0)
            for row, valid in zip(states, mask, strict=True)
        ]
    )
