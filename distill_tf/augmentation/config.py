"""Settings of python -m distill_tf.augmentation."""

from dataclasses import dataclass

from distill_tf.config.options import option
from distill_tf.config.task import TaskOptions
from distill_tf.errors import DistillError

DEFAULT_MASK_WORD = "[MASK]"


@dataclass(frozen=True, kw_only=True)
class AugmentConfig(TaskOptions):
    """Which texts to rewrite, how, and where the result goes.

    Raises:
        DistillError: probabilities, lengths or words that contradict each other.
    """

    method: str = option(
        "tang",
        "tang (masks, words of the same part of speech, n-grams) or tinybert (words "
        "that a masked language model or word vectors hold for alike).",
        choices=("tang", "tinybert"),
    )
    output: str = option("", "Folder that gets train_aug; by default data_dir.")
    n_iter: int | None = option(
        None,
        "Tries an example, for tinybert a text; by default 20 (tang: 10 for pairs; "
        "tinybert: what its authors took for the task).",
        minimum=1,
    )
    seed: int = option(42, "The same seed gives the same file.", minimum=0)
    language: str = option(
        "auto",
        "How texts are split into words; auto looks at them.",
        choices=("auto", "english", "chinese"),
    )

    p_mask: float = option(
        0.1, "tang: share of words that get masked.", minimum=0, maximum=1
    )
    p_pos: float = option(
        0.1,
        "tang: share of words replaced by one of the same part of speech.",
        minimum=0,
        maximum=1,
    )
    p_ng: float = option(
        0.25, "tang: share of tries that keep an n-gram alone.", minimum=0, maximum=1
    )
    ngram_min: int = option(1, "tang: words of the shortest n-gram.", minimum=1)
    ngram_max: int = option(5, "tang: words of the longest n-gram.", minimum=1)
    mask_word: str = option(DEFAULT_MASK_WORD, "tang: what stands for a masked word.")

    p_replace: float = option(
        0.4, "tinybert: share of words to replace.", minimum=0, maximum=1
    )
    num_candidates: int = option(
        15, "tinybert: words to choose a replacement from.", minimum=1
    )
    augment_source: str = option(
        "mlm",
        "tinybert: mlm (a masked language model for words of one piece, word vectors "
        "for the others) or vectors (word vectors for all).",
        choices=("mlm", "vectors"),
    )
    init_checkpoint: str = option(
        "",
        "tinybert: a pre-trained BERT with its masked-language-model head.",
        is_path=True,
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
    embedding_path: str = option(
        "",
        "tinybert: word vectors, GloVe text or word2vec text or binary.",
        is_path=True,
    )
    max_seq_length: int = option(
        512, "tinybert: longest sequence of the masked language model.", minimum=5
    )
    mlm_batch_size: int = option(
        64, "tinybert: masked texts a batch of the model.", minimum=1
    )

    def __post_init__(self):
        super().__post_init__()
        if self.p_mask + self.p_pos > 1:
            raise DistillError(
                f"p_mask and p_pos share the words, so their sum must be at most 1, "
                f"but is {self.p_mask + self.p_pos:g}; lower one of them."
            )
        if self.ngram_min > self.ngram_max:
            raise DistillError(
                f"ngram_min must be at most ngram_max, but is {self.ngram_min} with "
                f"an ngram_max of {self.ngram_max}; swap them."
            )
        if self.mask_word.split() != [self.mask_word]:
            raise DistillError(
                f"mask_word must be one word without white space, but is "
                f"{self.mask_word!r}; give one such as {DEFAULT_MASK_WORD}."
            )
