"""Losses between layers in plain NumPy, float64, one loop per sum of the formula."""

import math

import numpy as np
from reference import divergence
from reference import softmax
from reference import valid_positions


def unit(vector):
    return vector / math.sqrt(sum(vector * vector))


def patience_mse(student, teacher, mask, normalized=True):
    values = []
    for s, t, valid in zip(student[:, 0], teacher[:, 0], mask[:, 0], strict=True):
        s, t = (unit(s), unit(t)) if normalized else (s, t)
        total = sum((a - b) ** 2 for a, b in zip(s, t, strict=True))
        values.append(total / len(s) if valid else 0.0)
    return np.array(values)


def cosine_distance(student, teacher, mask):
    values = []
    for b in range(len(student)):
        positions = valid_positions(mask[b])
        total = 0.0
        for position in positions:
            s, t = student[b, position], teacher[b, position]
            total += 1 - sum(s * t) / math.sqrt(sum(s * s) * sum(t * t))
        values.append(total / len(positions))
    return np.array(values)


def attention_kl(student, teacher, mask):
    values = []
    for b in range(len(student)):
        keys = valid_positions(mask[b])
        total, terms = 0.0, 0
        for head in range(student.shape[1]):
            for query in keys:
                student_probs = softmax([student[b, head, query, k] for k in keys])
                teacher_probs = softmax([teacher[b, head, query, k] for k in keys])
                total += divergence(teacher_probs, student_probs)
                terms += 1
        values.append(total / terms)
    return np.array(values)


def relation_kl(student, teacher, mask, relation_heads):
    scores = [_relation_scores(x, mask, relation_heads) for x in (student, teacher)]
    return attention_kl(*scores, mask)


def _relation_scores(vectors, mask, relation_heads):
    batch, heads, length, head_size = vectors.shape
    size = heads * head_size // relation_heads
    scores = np.zeros((batch, relation_heads, length, length))
    for b in range(batch):
        for a in range(relation_heads):
            rows = {}
            for position in valid_positions(mask[b]):
                # All heads of a token side by side, of which a takes its share.
                whole = np.concatenate([vectors[b, h, position] for h in range(heads)])
                rows[position] = whole[a * size : (a + 1) * size]
            for query, q in rows.items():
                for key, k in rows.items():
                    scores[b, a, query, key] = sum(q * k) / math.sqrt(size)
    return scores
