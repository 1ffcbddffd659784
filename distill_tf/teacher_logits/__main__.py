"""The command python -m distill_tf.teacher_logits: writes what a teacher says.

python -m distill_tf.teacher_logits --task_name=sst-2 --data_dir=glue/SST-2 \\
  --init_checkpoint_teacher=output/sst-2_teacher --output_file=logits.jsonl
"""

from distill_tf.command_line import run
from distill_tf.teacher_logits.config import WriteLogitsConfig

if __name__ == "__main__":
    run(
        WriteLogitsConfig,
        "distill_tf.pipeline.write_logits",
        "write_teacher_logits",
        interrupted="nothing was written",
    )
