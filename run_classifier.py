#!/usr/bin/env python3
"""Fine-tunes and evaluates a BERT classifier: python run_classifier.py --help."""

from distill_tf.command_line import main

if __name__ == "__main__":
    main("fine_tune")
