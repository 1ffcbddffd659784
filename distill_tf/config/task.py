"""Settings that say what is learnt, from which files."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TaskOptions(Options):
    """The task and its data."""

    task_name: str | None = option(
        None,
        "What to learn, by default sample, and sample_pair for a student that needs "
        "pairs: sample or sample_pair (built in), a GLUE task (cola, sst-2, "
        "mrpc, qqp, sts-b, mnli, qnli, rte, wnli), boolq, imdb, chnsenticorp, or "
        "custom (your own files).",
    )
    data_dir: str = option(
        "",
        "Folder with the task's files, as officially published; without it the task "
        "is downloaded through tensorflow-datasets.",
        is_path=True,
    )
    text_columns: str = option(
        "", "For task_name=custom: the column, or the two columns a,b, with the text."
    )
    label_column: str = option("", "For task_name=custom: the label's column.")
    labels: str = option(
        "",
        "For task_name=custom: the labels in class order, separated by commas; "
        "without it, those found in the training file.",
    )
    metrics: str = option(
        "",
        "For task_name=custom: accuracy, f1, matthews_corrcoef, pearson, spearman; "
        "the first one selects the best weights.",
    )
    regression: bool = option(False, "For task_name=custom: the label is a number.")
    max_seq_length: int = option(
        128,
        "Longest sequence in tokens, special tokens included.",
        minimum=3,
        aliases=("max_seq_length_bert",),
    )
    max_train_examples: int = option(
        0, "Use only the first N training examples; 0 uses all.", minimum=0
    )
