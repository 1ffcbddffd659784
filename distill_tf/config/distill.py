"""Settings of run_distill.py: a student that learns from a teacher."""

from dataclasses import dataclass

from distill_tf.config.options import option
from distill_tf.config.task import TaskOptions
from distill_tf.config.training import TrainingOptions


@dataclass(frozen=True, kw_only=True)
class DistillConfig(TaskOptions, TrainingOptions):
    """Teacher, student, method and its weights.

    None stands for a default that `resolve` fills in: TinyBERT-4L and the recipe of
    its authors, or something much smaller for the sample tasks.
    """

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

    model_type: str = option("tinybert", "Kind of student.", choices=("tinybert",))
    method: str = option(
        "tinybert",
        "How the student learns: tinybert (attention scores and hidden states, then "
        "predictions), kd (predictions and labels), none (labels alone).",
        choices=("tinybert", "kd", "none"),
    )
    student_num_hidden_layers: int | None = option(
        None,
        "Layers of the student; by default 4.",
        minimum=1,
    )
    student_hidden_size: int | None = option(
        None,
        "Width of the student; by default 312.",
        minimum=1,
    )
    student_num_attention_heads: int | None = option(
        None,
        "Attention heads of the student; by default 12.",
        minimum=1,
    )
    student_intermediate_size: int | None = option(
        None,
        "Width of the student's feed-forward layers; by default 1200.",
        minimum=1,
    )
    init_checkpoint_student: str = option(
        "", "Weights the student starts from; without it, random ones."
    )
    layer_list: str = option(
        "",
        "Start the student from these teacher layers, counted from 0, e.g. 0,2,5; "
        "widths must agree.",
    )

    learning_rate: float | None = option(
        None,
        "Peak learning rate of the prediction stage; by default 3e-5.",
        minimum=0,
    )
    num_train_epochs: float | None = option(
        None,
        "Epochs of the prediction stage; by default 3.",
        minimum=0,
    )
    intermediate_learning_rate: float | None = option(
        None,
        "Learning rate of TinyBERT's first stage; by default 5e-5.",
        minimum=0,
    )
    intermediate_epochs: float | None = option(
        None,
        "Epochs of TinyBERT's first stage; by default 10.",
        minimum=0,
    )
    intermediate_distill: bool = option(True, "Run TinyBERT's first stage.")
    pred_distill: bool = option(True, "Run TinyBERT's second stage.")
    layer_map: str = option(
        "uniform",
        "Which teacher layer teaches which student layer: uniform, last, skip, or "
        "hidden-state pairs student:teacher such as 0:0,1:2,2:3,3:5,4:6.",
    )
    attention_weight: float = option(1.0, "Weight of the attention loss.", minimum=0)
    hidden_weight: float = option(1.0, "Weight of the hidden-state loss.", minimum=0)
    soft_label_weight: float = option(
        1.0, "Weight of the teacher's predictions.", minimum=0
    )
    hard_label_weight: float = option(
        0.0, "Weight of the gold labels in tinybert's second stage.", minimum=0
    )
    kd_alpha: float = option(
        0.8,
        "Method kd: alpha x cross-entropy with the labels + (1 - alpha) x soft "
        "cross-entropy with the teacher.",
        minimum=0,
        maximum=1,
    )
    temperature: float = option(
        1.0, "Softens both distributions of a soft loss.", minimum=1e-3
    )
    use_unlabelled: bool = option(
        True,
        "Also learn from the task's examples without a label, where there are any: "
        "the sample tasks, an unlabelled file of a custom task, imdb's unsup folder.",
    )
    student_alone: bool | None = option(
        None,
        "Also train the same student without the teacher, for as many steps; by "
        "default only for the sample tasks.",
    )
