"""Distillation on text at large: a start for the students of all later tasks."""
