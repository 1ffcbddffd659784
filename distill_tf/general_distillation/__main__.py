"""The command python -m distill_tf.general_distillation: a start for every student.

python -m distill_tf.general_distillation --corpus=wiki.txt \
  --init_checkpoint_teacher=checkpoints/uncased_L-12_H-768_A-12
"""

import os

from distill_tf.command_line import run
from distill_tf.config.flags import config_from_flags
from distill_tf.general_distillation.config import GeneralConfig

if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    run(
        GeneralConfig,
        "distill_tf.general_distillation.run",
        "distill_general",
        lambda: config_from_flags(GeneralConfig),
        interrupted="the same command goes on from here",
    )
