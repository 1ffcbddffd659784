"""Settings of python -m distill_tf.general_distillation."""

from dataclasses import dataclass

from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.config.masked_lm import MaskedLmOptions
from distill_tf.config.optimization import OptimizationOptions
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class GeneralConfig(OptimizationOptions, LayerMethodOptions, MaskedLmOptions):
    """Text, teacher, student, what is compared, and for how long."""

    corpus: str = option(
        "",
        "Unlabelled text: files or folders, separated by commas. Every line is text, "
        "a blank line or a file's end ends a document; .gz, .bz2 and .xz are read as "
        "they are. Of the folder aclImdb it takes train/unsup.",
        same_run=True,
        is_path=True,
    )
    corpus_dir: str = option(
        "",
        "Where the tokenized corpus is kept, which runs may share; by default in "
        "output_dir.",
        same_run=True,
    )
    max_documents: int = option(
        0, "Use only the first N documents; 0 uses all.", minimum=0
    )
    max_seq_length: int = option(
        128, "Longest sequence in tokens, special tokens included.", minimum=5
    )
    pair_probability: float = option(
        0.5,
        "Share of the sequences that are two segments, [CLS] a [SEP] b [SEP].",
        minimum=0,
        maximum=1,
    )
    short_seq_probability: float = option(
        0.1,
        "Share of the sequences that get a random shorter length.",
        minimum=0,
        maximum=1,
    )

    output_dir: str = option(
        "", "Where the run is kept; by default output/general_<method>.", same_run=True
    )
    init_checkpoint_teacher: str = option(
        "",
        "A pre-trained BERT, with or without a head: a Google checkpoint, a Hugging "
        "Face folder, a KerasHub preset, or a folder that run_classifier.py wrote.",
        is_path=True,
    )
    bert_config_file: str = option(
        "",
        "bert_config.json, if it does not lie beside the teacher's checkpoint.",
        is_path=True,
    )
    vocab_file: str = option(
        "",
        "vocab.txt, if it does not lie beside the teacher's checkpoint.",
        is_path=True,
    )
    do_lower_case: bool | None = option(
        None, "Lower-case the text; by default as the checkpoint says, else yes."
    )

    method: str = option(
        "tinybert",
        "What is compared: attention scores and hidden states of all layers "
        "(tinybert), how the tokens of one layer relate (minilm), or the direction of "
        "the last hidden states (distilbert).",
        choices=("tinybert", "minilm", "distilbert"),
    )
    learning_rate: float = option(5e-4, "Peak learning rate.", minimum=0)
    num_train_epochs: float = option(3.0, "Passes over the corpus.", minimum=0)
    max_steps: int = option(
        0, "Train for so many steps instead of num_train_epochs.", minimum=0
    )
    max_hours: float = option(
        0.0,
        "End training after so many hours, wherever it is; the learning rate's course "
        "stays planned for max_steps or num_train_epochs. 0 sets no limit.",
        minimum=0,
        same_run=True,
    )
    log_steps: int = option(
        100,
        "Log the losses' means over every N steps; 0: over every epoch.",
        minimum=0,
        same_run=True,
    )
