"""Settings of the teacher's outputs on disk."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TeacherCacheOptions(Options):
    """Whether the teacher runs once, and where what it says is kept."""

    teacher_cache: str = option(
        "auto",
        "Run the teacher over the training data once, and read its outputs from disk "
        "afterwards: auto (in teacher_cache beside output_dir, where that saves at "
        "least half of its work), off, or a folder of your own, which any runs may "
        "share.",
        same_run=True,
    )
    teacher_cache_max_gb: float = option(
        10.0,
        "The most that one run's outputs of the teacher may take on disk; a stage that "
        "needs more asks the teacher as it trains.",
        minimum=0,
        same_run=True,
    )
