"""New training texts from old ones: `python -m distill_tf.augmentation`."""
