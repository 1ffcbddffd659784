"""What a general distillation has done, as numbers."""

from dataclasses import asdict
from typing import Any

from distill_tf.data.batches import TrainingBatches
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.general_distillation.tokenized_corpus import CorpusCounts
from distill_tf.pipeline.versions import versions
from distill_tf.training.progress import Progress


def report(
    config: GeneralConfig,
    progress: Progress,
    batches: TrainingBatches,
    corpus: CorpusCounts,
) -> dict[str, Any]:
    """The content of report.json.

    `losses` are means over the last `log_steps` steps; `sequences` and `tokens` count
    what was trained on, repeated ones as often as they were.
    """
    sequences, tokens = batches.amount(progress.step)
    return {
        "method": config.method,
        "teacher": config.init_checkpoint_teacher,
        "steps": progress.step,
        "epochs": progress.step / len(batches),
        "sequences": sequences,
        "tokens": tokens,
        "seconds": progress.seconds,
        "tokens_per_second": tokens / progress.seconds if progress.seconds else None,
        "ended_by_max_hours": progress.stopped_early,
        "losses": progress.losses[-1] if progress.losses else None,
        "corpus": asdict(corpus),
        "seed": config.seed,
        "versions": versions(),
    }
