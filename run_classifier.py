#!/usr/bin/env python3
"""Fine-tunes and evaluates a BERT classifier: python run_classifier.py --help."""

import os

# TensorFlow's remarks on its own build help nobody; it reads this when imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from distill_tf.command_line import main  # noqa: E402

if __name__ == "__main__":
    main("fine_tune")
