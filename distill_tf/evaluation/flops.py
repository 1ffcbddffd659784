"""The command python -m distill_tf.evaluation.flops: what a pair costs each model.

python -m distill_tf.evaluation.flops --model_type=late_fusion --max_seq_length_doc=328
"""

import os

from distill_tf.command_line import run
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flops import FlopsConfig

if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    run(
        FlopsConfig,
        "distill_tf.evaluation.pair_costs",
        "report_pair_costs",
        lambda: config_from_flags(FlopsConfig),
        interrupted="nothing was written",
    )
