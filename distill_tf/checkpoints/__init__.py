"""Checkpoints of other systems, read into google-research/bert's weight names."""
