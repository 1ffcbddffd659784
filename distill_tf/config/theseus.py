"""Settings of the method theseus."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TheseusOptions(Options):
    """How often modules are replaced, by how large ones, and what trains beside."""

    replace_prob: float = option(
        0.5,
        "Method theseus: how probable it is that a module of the teacher is replaced "
        "in a step; the start of scheduler_linear_k and steps_for_replacing.",
        minimum=0,
        maximum=1,
    )
    scheduler_linear_k: float = option(
        0.0,
        "Method theseus: what each update adds to replace_prob, up to 1; 0 keeps it.",
        minimum=0,
    )
    steps_for_replacing: int = option(
        0,
        "Method theseus: after so many updates all modules are replaced; 0: within the "
        "first stage never.",
        minimum=0,
    )
    compress_ratio: int | None = option(
        None,
        "Teacher layers for each layer of a theseus, in place of "
        "student_num_hidden_layers; by default 2.",
        minimum=1,
    )
    train_head: bool = option(
        False, "Method theseus: also train the pooler and the head."
    )
