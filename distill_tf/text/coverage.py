"""How much of a text a vocabulary knows."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_vocabulary import WordVocabulary


@dataclass(frozen=True)
class Coverage:
    """Counts of words, and of those that have an id of their own.

    Attributes:
        num_tokens: Running words.
        num_known_tokens: Running words that the vocabulary holds.
        num_words: Distinct words.
        num_known_words: Distinct words that the vocabulary holds.
    """

    num_tokens: int
    num_known_tokens: int
    num_words: int
    num_known_words: int

    @property
    def token_fraction(self) -> float:
        """The known share of the running words, between 0 and 1."""
        return self.num_known_tokens / max(self.num_tokens, 1)

    @property
    def word_fraction(self) -> float:
        """The known share of the distinct words, between 0 and 1."""
        return self.num_known_words / max(self.num_words, 1)

    def __str__(self) -> str:
        return (
            f"{self.token_fraction:.1%} of {self.num_tokens:,} tokens and "
            f"{self.word_fraction:.1%} of {self.num_words:,} distinct words are known"
        )


def measure_coverage(
    texts: Iterable[Sequence[str]], vocabulary: Vocabulary | WordVocabulary
) -> Coverage:
    """Looks the words of texts up.

    Args:
        texts: The words of each text, as `split_words` gives them.
        vocabulary: What should know them. Its words for padding and for unknown words
            do not count as known.
    """
    counts = Counter(word for words in texts for word in words)
    unknown = {vocabulary.pad_id, vocabulary.unk_id}
    known = [n for word, n in counts.items() if vocabulary.id_of(word) not in unknown]
    return Coverage(
        num_tokens=counts.total(),
        num_known_tokens=sum(known),
        num_words=len(counts),
        num_known_words=len(known),
    )
