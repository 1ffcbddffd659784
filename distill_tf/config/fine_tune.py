"""Settings of run_classifier.py: fine-tuning a BERT classifier."""

from dataclasses import dataclass

from distill_tf.config.options import option
from distill_tf.config.pair_texts import PairTextOptions
from distill_tf.config.task import TaskOptions
from distill_tf.config.training import TrainingOptions


@dataclass(frozen=True, kw_only=True)
class FineTuneConfig(TaskOptions, PairTextOptions, TrainingOptions):
    """Fine-tune, evaluate and predict, under google-research/bert's flag names."""

    init_checkpoint: str = option(
        "",
        "Weights to start from: a Google checkpoint (prefix or folder), a Hugging "
        "Face folder, a KerasHub preset, or a run folder.",
        is_path=True,
    )
    from_scratch: bool = option(
        False,
        "Start from random weights: init_checkpoint, or bert_config_file and "
        "vocab_file, only say how the BERT is built.",
    )
    bert_config_file: str = option(
        "", "bert_config.json, if it does not lie beside the checkpoint.", is_path=True
    )
    vocab_file: str = option(
        "", "vocab.txt, if it does not lie beside the checkpoint.", is_path=True
    )
    do_lower_case: bool | None = option(
        None, "Lower-case the text; by default as the checkpoint says, else yes."
    )
    pooling_strategy: str | None = option(
        None,
        "What the head reads; by default as the checkpoint says, else cls.",
        choices=("cls", "mean"),
    )
    learning_rate: float = option(5e-5, "Peak learning rate.", minimum=0)
    num_train_epochs: float = option(3.0, "Passes over the training data.", minimum=0)
