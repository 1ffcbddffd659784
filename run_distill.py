#!/usr/bin/env python3
"""Distils a student from a BERT classifier: python run_distill.py --help."""

from distill_tf.command_line import main

if __name__ == "__main__":
    main("distill")
