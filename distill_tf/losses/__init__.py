"""Distillation losses: pure functions from (student, teacher, mask) to values [B].

Every loss is computed in float32 whatever its inputs' dtype and returns one value
per example; averaging over the batch, weighting and summing over layers are the
caller's. Token-level losses average over an example's own valid positions, so a
value does not depend on the amount of padding, nor on the rest of the batch; only
`similarity_distance`, `correlation_distance` and `contrastive_cross_entropy` compare
across the batch, which is what they are for. No loss stops a gradient: the caller
passes teacher outputs that carry none.
"""

from distill_tf.losses.attention import attention_probability_mse
from distill_tf.losses.attention import attention_score_mse
from distill_tf.losses.attention_maps import attention_map_mse
from distill_tf.losses.contrast import contrastive_cross_entropy
from distill_tf.losses.correlation import correlation_distance
from distill_tf.losses.cosine import cosine_distance
from distill_tf.losses.cosine import vector_cosine_distance
from distill_tf.losses.decoupled import decoupled_kl_divergence
from distill_tf.losses.factors import factor_distance
from distill_tf.losses.factors import factor_mse
from distill_tf.losses.hidden_states import hidden_state_mse
from distill_tf.losses.labels import hard_label_cross_entropy
from distill_tf.losses.labels import label_mse
from distill_tf.losses.labels import labelled_mask
from distill_tf.losses.logits import kl_divergence
from distill_tf.losses.logits import logit_mse
from distill_tf.losses.logits import soft_cross_entropy
from distill_tf.losses.patience import patience_mse
from distill_tf.losses.relations import attention_kl
from distill_tf.losses.relations import relation_kl
from distill_tf.losses.similarity import similarity_distance
from distill_tf.losses.standardized import standardized_kl_divergence

__all__ = [
    "attention_kl",
    "attention_map_mse",
    "attention_probability_mse",
    "attention_score_mse",
    "contrastive_cross_entropy",
    "correlation_distance",
    "cosine_distance",
    "decoupled_kl_divergence",
    "factor_distance",
    "factor_mse",
    "hard_label_cross_entropy",
    "hidden_state_mse",
    "kl_divergence",
    "label_mse",
    "labelled_mask",
    "logit_mse",
    "patience_mse",
    "relation_kl",
    "similarity_distance",
    "soft_cross_entropy",
    "standardized_kl_divergence",
    "vector_cosine_distance",
]
