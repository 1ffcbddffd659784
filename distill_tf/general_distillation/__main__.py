"""The command python -m distill_tf.general_distillation: a start for every student.

python -m distill_tf.general_distillation --corpus=wiki.txt \\
  --init_checkpoint_teacher=checkpoints/uncased_L-12_H-768_A-12
"""

from distill_tf.command_line import run
from distill_tf.general_distillation.config import GeneralConfig

if __name__ == "__main__":
    run(
        GeneralConfig,
        "distill_tf.general_distillation.run",
        "distill_general",
        interrupted="the same command goes on from here",
    )
