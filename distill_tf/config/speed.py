"""Settings of how a training run computes, rather than what it learns."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class SpeedOptions(Options):
    """Precision, batches by tokens, accumulation, compilation, parts, threads."""

    precision: str = option(
        "auto",
        "Precision of the computation; auto takes bfloat16 where the processor "
        "or the GPU computes it natively.",
        choices=("auto", "float32", "mixed_bfloat16", "mixed_float16"),
    )
    tokens_per_batch: int = option(
        0,
        "Batches of as many examples as fit into this many padded tokens, instead of "
        "train_batch_size examples; 0: by examples.",
        minimum=0,
    )
    gradient_accumulation_steps: int = option(
        1,
        "Batches whose gradients are averaged into one update. The learning rate "
        "follows updates; eval_steps and save_checkpoints_steps count batches.",
        minimum=1,
    )
    embedding_optimizer: str = option(
        "dense",
        "Which rows of an embedding table an Adam update moves: dense (all, as AdamW "
        "is defined) or lazy (those of the batch's words, as LazyAdam).",
        choices=("dense", "lazy"),
    )
    jit_compile: str = option(
        "auto",
        "Compile the training step with XLA: true, false, or auto (on a GPU).",
        choices=("auto", "true", "false"),
    )
    batch_parts: int = option(
        1,
        "Compute each batch in this many parts at the same time, one a core, instead "
        "of each operation on all cores.",
        minimum=1,
    )
    num_threads: int = option(
        0,
        "Threads that compute one operation; 0: one a core, or one where batches have "
        "parts.",
        minimum=0,
        same_run=True,
    )
    inter_op_threads: int = option(
        0,
        "Operations that may run at the same time; 0: one a core, or one a part.",
        minimum=0,
        same_run=True,
    )
