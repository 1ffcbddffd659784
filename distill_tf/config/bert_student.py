"""Settings of students of BERT's kind."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option

# TinyBERT-4L.
DEFAULT_SIZES = {
    "student_num_hidden_layers": 4,
    "student_hidden_size": 312,
    "student_num_attention_heads": 12,
    "student_intermediate_size": 1200,
}


@dataclass(frozen=True, kw_only=True)
class BertStudentOptions(Options):
    """Sizes and starting point of --model_type=tinybert, bert_pkd and theseus."""

    student_num_hidden_layers: int | None = option(
        None,
        "Layers of the student; by default 4, or as many as it starts from; of a "
        "bert_pkd 3 or as many as in layer_list, of a theseus half of the teacher's.",
        minimum=1,
    )
    student_hidden_size: int | None = option(
        None,
        "Width of the student; by default 312 from random weights, else that of what "
        "it starts from.",
        minimum=1,
    )
    student_num_attention_heads: int | None = option(
        None,
        "Attention heads of the student; by default 12 from random weights, else those "
        "of what it starts from.",
        minimum=1,
    )
    student_intermediate_size: int | None = option(
        None,
        "Width of the student's feed-forward layers; by default 1200 from random "
        "weights, else that of what it starts from.",
        minimum=1,
    )
    init_checkpoint_student: str = option(
        "",
        "Weights the student starts from; without it a tinybert starts from random "
        "ones, bert_pkd, theseus and two towers from the teacher's first layers.",
        is_path=True,
    )
    layer_list: str = option(
        "",
        "Start the student from these layers, counted from 0, e.g. 0,2,5, of "
        "init_checkpoint_student or, without one, of the teacher; widths must agree.",
    )
    from_scratch: bool = option(
        False,
        "Start the student from random weights, although a checkpoint or layer_list "
        "may be named.",
    )

    @property
    def names_a_start(self) -> bool:
        """Whether what the student starts from (or is built like) gives its sizes."""
        return bool(self.init_checkpoint_student or self.layer_list)
