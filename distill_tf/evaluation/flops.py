"""The command python -m distill_tf.evaluation.flops: what a pair costs each model.

python -m distill_tf.evaluation.flops --model_type=late_fusion --max_seq_length_doc=328
"""

from distill_tf.command_line import run
from distill_tf.config.flops import FlopsConfig

if __name__ == "__main__":
    run(
        FlopsConfig,
        "distill_tf.evaluation.pair_costs",
        "report_pair_costs",
        interrupted="nothing was written",
    )
