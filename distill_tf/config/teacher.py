"""Settings of the teacher."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TeacherOptions(Options):
    """Where the teacher is, and how it reads."""

    init_checkpoint_teacher: str = option(
        "",
        "The fine-tuned teacher: a Google checkpoint with a head, a Hugging Face "
        "classifier, a KerasHub preset, or a folder that run_classifier.py wrote. "
        "The sample tasks train one on the spot.",
    )
    bert_config_file: str = option(
        "", "bert_config.json, if it does not lie beside the teacher's checkpoint."
    )
    vocab_file: str = option(
        "", "vocab.txt, if it does not lie beside the teacher's checkpoint."
    )
    do_lower_case: bool | None = option(
        None, "Lower-case the text; by default as the teacher's checkpoint says."
    )
    pooling_strategy: str | None = option(
        None,
        "What the teacher's head reads; by default as its folder says, else cls.",
        choices=("cls", "mean"),
    )
