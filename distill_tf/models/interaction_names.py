"""Ways to join two towers, by the names of VIRT's --model_type."""

INTERACTION_NAMES = (
    "late_fusion",
    "sbert",
    "bi_encoder",
    "poly",
    "deformer",
    "dipair",
    "col",
)
