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


def divergence(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def decoupled_kl_divergence(
    student, teacher, labels, temperature=1.0, alpha=1.0, beta=8.0
):
    values = []
    for student_row, teacher_row, label in zip(student, teacher, labels, strict=True):
        target = label if label != -1 else list(teacher_row).index(max(teacher_row))
        pairs, others = [], []
        for row in (student_row, teacher_row):
            probs = softmax([z / temperature for z in row])
            rest = sum(p for c, p in enumerate(probs) if c != target)
            pairs.append([probs[target], rest])
            others.append([p / rest for c, p in enumerate(probs) if c != target])
        value = alpha * divergence(pairs[1], pairs[0])
        value += beta * divergence(others[1], others[0])
        values.append(temperature**2 * value)
    return np.array(values)


def correlation(row, other_row):
    mean, other_mean = sum(row) / len(row), sum(other_row) / len(other_row)
    covariance = variance = other_variance = 0.0
    for value, other in zip(row, other_row, strict=True):
        covariance += (value - mean) * (other - other_mean)
        variance += (value - mean) ** 2
        other_variance += (other - other_mean) ** 2
    return covariance / math.sqrt(variance * other_variance)


def correlation_distance(student, teacher, temperature=1.0, beta=1.0, gamma=1.0):
    student = np.array([softmax([z / temperature for z in row]) for row in student])
    teacher = np.array([softmax([z / temperature for z in row]) for row in teacher])
    classes = student.shape[1]
    across_batch = 0.0
    for c in range(classes):
        across_batch += (1 - correlation(student[:, c], teacher[:, c])) / classes
    return np.array(
        [
            beta * (1 - correlation(s, t)) + gamma * across_batch
            for s, t in zip(student, teacher, strict=True)
        ]
    )


def standardized_kl_divergence(student, teacher, temperature=2.0):
    standardized = [
        np.array([(row - row.mean()) / row.std(ddof=1) for row in logits])
        for logits in (student, teacher)
    ]
    return kl_divergence(*standardized, temperature)


def similarity_distance(student, teacher):
    grams = []
    for features in (student, teacher):
        gram = np.zeros((len(features), len(features)))
        for i, row in enumerate(features):
            for j, other in enumerate(features):
                gram[i, j] = sum(a * b for a, b in zip(row, other, strict=True))
        for i in range(len(features)):
            gram[i] = gram[i] / math.sqrt(sum(g * g for g in gram[i]))
        grams.append(gram)
    return ((grams[0] - grams[1]) ** 2).sum(axis=1) / len(student)


def factor_distance(student, teacher, norm=1):
    values = []
    for s, t in zip(student, teacher, strict=True):
        difference = s / math.sqrt(sum(s * s)) - t / math.sqrt(sum(t * t))
        values.append(sum(abs(d) ** norm for d in difference) ** (1 / norm))
    return np.array(values)


def factor_mse(student, teacher):
    return logit_mse(student, teacher)


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


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def lstm(inputs, mask, kernel, recurrent_kernel, bias):
    """States [B, L, K] of an LSTM that skips what is masked, and the last ones [B, K].

    The gates stand in the order input, forget, cell, output.
    """
    states, last = [], []
    for sequence, valid in zip(inputs, mask, strict=True):
        size = len(recurrent_kernel)
        hidden, cell, row = np.zeros(size), np.zeros(size), []
        for step, is_valid in zip(sequence, valid, strict=True):
            if is_valid:
                gates = step @ kernel + hidden @ recurrent_kernel + bias
                i, f, g, o = np.split(gates, 4)
                cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
                hidden = sigmoid(o) * np.tanh(cell)
            row.append(hidden)
        states.append(row)
        last.append(hidden)
    return np.array(states), np.array(last)


def lstm_of_one_step(kernel, bias):
    """The weights of an LSTM from those of its input, cell and output gates."""
    size = len(bias) // 3
    gates = [np.split(part, 3, axis=-1) for part in (kernel, bias)]
    kernel, bias = (
        np.concatenate([i, np.zeros_like(i), g, o], axis=-1) for i, g, o in gates
    )
    return kernel, np.zeros((size, 4 * size)), bias


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


def numerical_derivative(function, points, step=1e-5):
    """Central differences of a function of each entry by itself.

    A sum over many entries, as `numerical_gradient` takes it, rounds small ones away.
    """
    return (function(points + step) - function(points - step)) / (2 * step)
