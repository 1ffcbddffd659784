"""The command python -m distill_tf.augmentation: writes train_aug for a task.

python -m distill_tf.augmentation --task_name=sst-2 --data_dir=glue/SST-2
"""

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.command_line import run

if __name__ == "__main__":
    run(
        AugmentConfig,
        "distill_tf.augmentation.run",
        "augment",
        interrupted="nothing was written",
    )
