"""The command python -m distill_tf.augmentation: writes train_aug for a task.

python -m distill_tf.augmentation --task_name=sst-2 --data_dir=glue/SST-2
"""

import os

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.command_line import run
from distill_tf.config.flags import config_from_flags

if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    run(
        AugmentConfig,
        "distill_tf.augmentation.run",
        "augment",
        lambda: config_from_flags(AugmentConfig),
        interrupted="nothing was written",
    )
