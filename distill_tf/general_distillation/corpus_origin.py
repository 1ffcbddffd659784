"""What a general distillation is begun with."""

from dataclasses import dataclass

from distill_tf.pipeline.origin import Origin


@dataclass(frozen=True, kw_only=True)
class CorpusOrigin(Origin):
    """Teacher and text.

    Attributes:
        corpus: a hash of the names and sizes of the text's files.
    """

    corpus: str

    def difference(self, earlier: "CorpusOrigin") -> str | None:
        if self.corpus != earlier.corpus:
            return "the files of the corpus have changed"
        return super().difference(earlier)
