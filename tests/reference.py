"""Losses in plain NumPy, float64, one loop per sum of the formula: slow and obvious."""

import math

import numpy as np


def softmax(row):
    largest = max(row)
    exponentials = [math.exp(value - largest) for value in row]
    return [value / sum(exponentials) for value in exponentials]


def soft_cross_entropy(
    student, teacher, temperature=1.0, temperature_squared=True, class_mean=False
):
    values = []
    for student_row, teacher_row in zip(student, teacher, strict=True):
        student_probs = softmax([z / temperature for z in student_row])
        teacher_probs = softmax([z / temperature for z in teacher_row])
        value = 0.0
        for p, q in zip(teacher_probs, student_probs, strict=True):
            value -= p * math.log(q)
        if temperature_squared:
            value *= temperature * temperature
        if class_mean:
            value /= len(student_row)
        values.append(value)
    return np.array(values)


def entropy(logits, temperature=1.0):
    values = []
    for row in logits:
        probs = softmax([z / temperature for z in row])
        values.append(-sum(p * math.log(p) for p in probs))
    return np.array(values)


def kl_divergence(
    student, teacher, temperature=1.0, temperature_squared=True, class_mean=False
):
    values = []
    for student_row, teacher_row in zip(student, teacher, strict=True):
        student_probs = softmax([z / temperature for z in student_row])
        teacher_probs = softmax([z / temperature for z in teacher_row])
        value = 0.0
        for p, q in zip(teacher_probs, student_probs, strict=True):
            value += p * math.log(p / q)
        if temperature_squared:
            value *= temperature * temperature
        if class_mean:
            value /= len(student_row)
        values.append(value)
    return np.array(values)


def logit_mse(student, teacher):
    values = []
    for student_row, teacher_row in zip(student, teacher, strict=True):
        value = 0.0
        for s, t in zip(student_row, teacher_row, strict=True):
            value += (s - t) ** 2
        values.append(value / len(student_row))
    return np.array(values)


def hard_label_cross_entropy(logits, labels):
    values = []
    for row, label in zip(logits, labels, strict=True):
        values.append(0.0 if label == -1 else -math.log(softmax(row)[label]))
    return np.array(values)


def label_mse(logits, labels):
    return np.array(
        [(row[0] - label) ** 2 for row, label in zip(logits, labels, strict=True)]
    )


def hidden_state_mse(student, teacher, mask):
    values = []
    for b in range(len(student)):
        total, terms = 0.0, 0
        for position in valid_positions(mask[b]):
            for h in range(student.shape[2]):
                total += (student[b, position, h] - teacher[b, position, h]) ** 2
                terms += 1
        values.append(total / terms)
    return np.array(values)


def attention_score_mse(student, teacher, mask):
    values = []
    for b in range(len(student)):
        total, terms = 0.0, 0
        for head in range(student.shape[1]):
            for query in valid_positions(mask[b]):
                for key in valid_positions(mask[b]):
                    s, t = student[b, head, query, key], teacher[b, head, query, key]
                    total += (s - t) ** 2
                    terms += 1
        values.append(total / terms)
    return np.array(values)


def attention_probability_mse(student, teacher, mask):
    values = []
    for b in range(len(student)):
        keys = valid_positions(mask[b])
        total, terms = 0.0, 0
        for head in range(student.shape[1]):
            for query in keys:
                student_probs = softmax([student[b, head, query, k] for k in keys])
                teacher_probs = softmax([teacher[b, head, query, k] for k in keys])
                for p, q in zip(student_probs, teacher_probs, strict=True):
                    total += (p - q) ** 2
                    terms += 1
        values.append(total / terms)
    return np.array(values)


def valid_positions(mask_row):
    return [position for position, valid in enumerate(mask_row) if valid]


def numerical_gradient(function, point, step=1e-5):
    """Central differences of the sum of a function's values, one entry at a time."""
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (function(above).sum() - function(below).sum()) / (2 * step)
    return gradient
