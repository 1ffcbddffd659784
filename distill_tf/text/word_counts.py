"""A vocabulary of the most frequent words."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from distill_tf.errors import DistillError
from distill_tf.text.word_vocabulary import PAD_WORD
from distill_tf.text.word_vocabulary import UNK_WORD
from distill_tf.text.word_vocabulary import WordVocabulary


def count_vocabulary(texts: Iterable[Sequence[str]], vocab_size: int) -> WordVocabulary:
    """Counts words and keeps the most frequent ones.

    Args:
        texts: The words of each text, as `split_words` gives them.
        vocab_size: How many words to keep at most, `<pad>` and `<unk>` included.

    Returns:
        `<pad>`, `<unk>`, then the words by falling frequency; words that occur equally
        often in the order of their characters' code points.

    Raises:
        DistillError: If `vocab_size` leaves no room for a word, or there is none.
    """
    specials = [PAD_WORD, UNK_WORD]
    if vocab_size <= len(specials):
        raise DistillError(
            f"vocab_size must be at least {len(specials) + 1}, for {PAD_WORD}, "
            f"{UNK_WORD} and one word, but is {vocab_size}: raise it."
        )
    counts = Counter(word for words in texts for word in words)
    for special in specials:
        counts.pop(special, None)  # In a text these are not words of their own.
    if not counts:
        raise DistillError(
            "The vocabulary should be counted from the words of the training texts, "
            "but they have none: check the data."
        )
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return WordVocabulary(specials + ordered[: vocab_size - len(specials)])
