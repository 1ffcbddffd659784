"""The mean of a row's vectors, padding left out."""


def masked_mean(vectors, mask):
    """[B, D] of [B, L, D] and a mask [B, L], true where a vector counts."""
    total = vectors.masked_fill(~mask[:, :, None], 0).sum(1)
    return total / mask.sum(1, keepdim=True)
