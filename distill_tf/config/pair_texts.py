"""Settings of how the two texts of a pair are laid out."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class PairTextOptions(Options):
    """The layout of a cross-encoder's input, and lengths a side."""

    input_layout: str | None = option(
        None,
        "How a BERT that reads both texts of a pair sees them: bert, [CLS] a [SEP] b "
        "[SEP] and then padding; or bipartite, [CLS] a PAD [SEP] b PAD [SEP], whose "
        "tokens stand as in two towers. By default as the checkpoint's run folder "
        "says, else bert.",
        choices=("bert", "bipartite"),
    )
    max_seq_length_query: int | None = option(
        None,
        "In the layout bipartite and in two towers: the most tokens of a tower's row "
        "of the first text, with [CLS] and [SEP]; by default as the teacher's folder "
        "says, else half of max_seq_length, 259 giving 130.",
        minimum=3,
    )
    max_seq_length_doc: int | None = option(
        None, "As max_seq_length_query, for the second text.", minimum=3
    )
