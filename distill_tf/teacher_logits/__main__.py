"""The command python -m distill_tf.teacher_logits: writes what a teacher says.

python -m distill_tf.teacher_logits --task_name=sst-2 --data_dir=glue/SST-2 \\
  --init_checkpoint_teacher=output/sst-2_teacher --output_file=logits.jsonl
"""

import os

from distill_tf.command_line import run
from distill_tf.config.flags import config_from_flags
from distill_tf.teacher_logits.config import WriteLogitsConfig

if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    run(
        WriteLogitsConfig,
        "distill_tf.pipeline.write_logits",
        "write_teacher_logits",
        lambda: config_from_flags(WriteLogitsConfig),
        interrupted="nothing was written",
    )
