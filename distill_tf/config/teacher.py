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
        "classifier, a KerasHub preset (of RoBERTa, DeBERTa-v3 ... too), or a folder "
        "that run_classifier.py wrote; several, separated by commas, teach by their "
        "average logits. The sample tasks train one on the spot.",
        is_path=True,
    )
    teacher_weights: str = option(
        "",
        "Weights of several teachers' logits, e.g. 0.5,0.3,0.2; by default all count "
        "the same.",
    )
    bert_config_file: str = option(
        "",
        "bert_config.json, if it does not lie beside the teacher's checkpoint.",
        is_path=True,
    )
    vocab_file: str = option(
        "",
        "vocab.txt, if it does not lie beside the teacher's checkpoint; where there is "
        "no single BERT as teacher, the student's.",
        is_path=True,
    )
    do_lower_case: bool | None = option(
        None,
        "Lower-case the text; by default as the teacher's checkpoint says. Where there "
        "is no single BERT as teacher, for the student.",
    )
    pooling_strategy: str | None = option(
        None,
        "What the student's head reads, and that of a single teacher which is no "
        "run's folder (that knows its own); by default as the teacher's, else cls, and "
        "mean in two towers.",
        choices=("cls", "mean"),
    )
