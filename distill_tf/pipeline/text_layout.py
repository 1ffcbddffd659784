"""How a classifier of a run reads text, as configured."""

from collections.abc import Iterable
from dataclasses import dataclass

from absl import logging

from distill_tf.config.pair_texts import PairTextOptions
from distill_tf.config.task import TaskOptions
from distill_tf.errors import DistillError
from distill_tf.text import Encoder
from distill_tf.text import PresetEncoder
from distill_tf.text import SeparateEncoder
from distill_tf.text import TextSettings
from distill_tf.text import split_max_seq_length


@dataclass(frozen=True)
class TextLayout:
    """What a run asks for; None stands for what the checkpoint says.

    Attributes:
        name: "bert", or for pairs "bipartite" or "towers".
        max_seq_length_query: in the last two, the most tokens of the first text with
            `[CLS]` and `[SEP]`.
        max_seq_length_doc: of the second text.
        pads_to_max: whether these two are padded to the maximum in every batch.
    """

    name: str | None = None
    max_seq_length_query: int | None = None
    max_seq_length_doc: int | None = None
    pads_to_max: bool = False

    @classmethod
    def of(cls, options: PairTextOptions, pads_to_max: bool = False) -> "TextLayout":
        """The configured layout of a classifier that reads both texts at once."""
        return cls(
            options.input_layout,
            options.max_seq_length_query,
            options.max_seq_length_doc,
            pads_to_max,
        )

    def settings(
        self,
        max_seq_length: int,
        do_lower_case: bool,
        is_pair: bool,
        saved_lengths: tuple[int, int] | None = None,
    ) -> TextSettings:
        """The text settings of a WordPiece model.

        Args:
            max_seq_length: the most tokens of a row. Without lengths a side, both
                texts of the layouts of pairs share it equally.
            do_lower_case: whether texts are lower-cased.
            is_pair: whether an example is two texts.
            saved_lengths: those of a checkpoint in the layout "bipartite".

        Raises:
            DistillError: a layout of pairs for single texts, or a length that leaves
                no room for a token.
        """
        name = self.name or ("bipartite" if saved_lengths else "bert")
        if name == "bert":
            return TextSettings(do_lower_case, max_seq_length)
        if not is_pair:
            raise DistillError(
                f"the layout {name} is for pairs, but the task has one text an "
                "example; leave input_layout out, or choose a task of pairs."
            )
        split = split_max_seq_length(max_seq_length)
        query, doc = saved_lengths or split
        if (
            (query, doc) != split
            and max_seq_length != TaskOptions.max_seq_length
            and None in (self.max_seq_length_query, self.max_seq_length_doc)
        ):
            logging.warning(
                "max_seq_length=%d has no effect: the checkpoint reads texts of %d and "
                "%d tokens, which max_seq_length_query and max_seq_length_doc change.",
                max_seq_length,
                query,
                doc,
            )
        return TextSettings.of_pairs(
            name,
            do_lower_case,
            (self.max_seq_length_query or query, self.max_seq_length_doc or doc),
            self.pads_to_max,
        )


def side_lengths(settings: TextSettings) -> tuple[int, int] | None:
    """The lengths of the two sides, if a model's settings have such."""
    lengths = settings.max_seq_length_query, settings.max_seq_length_doc
    return lengths if all(lengths) else None


def check_side_lengths(
    options: PairTextOptions, encoders: Iterable[Encoder | PresetEncoder]
) -> None:
    """Refuses lengths of the two sides that none of a run's models reads by.

    Raises:
        DistillError: there is such a length.
    """
    given = [
        name
        for name in ("max_seq_length_query", "max_seq_length_doc")
        if getattr(options, name) is not None
    ]
    if given and not any(
        isinstance(each, SeparateEncoder) and side_lengths(each.settings)
        for each in encoders
    ):
        raise DistillError(
            f"{given[0]} limits one text of a pair in the layout bipartite and in two "
            "towers, but nothing here reads so; give input_layout=bipartite, or "
            "max_seq_length alone."
        )


def decide_lower_case(*said: bool | None) -> bool:
    """Whether text is lower-cased: the first that says so or not; yes, if none does."""
    return next((each for each in said if each is not None), True)
