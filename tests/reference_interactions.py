"""The ways to join two towers in plain NumPy, one pair at a time, without padding."""

import numpy as np


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def attended(queries, keys):
    """What each query [M, H] attends to among the keys [N, H]."""
    return softmax(queries @ keys.T / np.sqrt(queries.shape[-1])) @ keys


def pair_vector(u, v):
    return np.concatenate([u, v, np.abs(u - v), np.maximum(u, v) ** 2])


def late_fusion(first, second):
    return pair_vector(
        attended(first, second).mean(axis=0), attended(second, first).mean(axis=0)
    )


def sbert(first, second):
    return pair_vector(first.mean(axis=0), second.mean(axis=0))


def bi_encoder(first, second):
    return np.concatenate([first.mean(axis=0), second.mean(axis=0)])


def poly(first, second):
    """`second` holds the first tokens alone."""
    return attended(first.mean(axis=0, keepdims=True), second)[0]


def col(first, second, dense, class_kernel, num_classes):
    """Scores [C]; `dense` holds kernel and bias of either side."""

    def vectors(states, kernel, bias):
        """[L, C, k], normalized."""
        hidden = (states @ kernel + bias) @ class_kernel
        hidden = hidden.reshape(len(states), num_classes, -1)
        return hidden / np.linalg.norm(hidden, axis=-1, keepdims=True)

    queries, documents = (
        vectors(states, *dense[side])
        for side, states in (("first", first), ("second", second))
    )
    return np.array(
        [
            sum(max(q @ d for d in documents[:, c]) for q in queries[:, c])
            for c in range(num_classes)
        ]
    ) / np.sqrt(first.shape[-1])


def linear_head(features, head):
    return features @ head.output_dense.kernel.numpy() + head.output_dense.bias.numpy()


def residual_head(features, head):
    dense = head.residual_dense
    update = features @ dense.kernel.numpy() + dense.bias.numpy()
    return linear_head(features + update, head)
