"""Exports a finished run: python -m distill_tf.export RUN_DIR --to=FORMAT,FORMAT."""

import os

from distill_tf.export.command import main

if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it is not imported yet.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
