"""Sizes of what is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BertSizes:
    """A BERT, as transformers' BertConfig and ours name it."""

    num_hidden_layers: int
    hidden_size: int
    num_attention_heads: int
    intermediate_size: int


@dataclass(frozen=True)
class Settings:
    """Models, data and durations.

    Attributes:
        teacher: also what is fine-tuned.
        student: TinyBERT-4L, unless something smaller is tried out.
        base: BERT-base, unless something smaller is tried out.
        base_lengths: tokens an example of it.
        served: the models whose inference is measured.
        vocab_size: rows of the embedding tables.
        examples: in one pass of training.
        text_length: tokens of each text; 0 for lengths like SST-2's.
        batch_size: examples a training step.
        max_seq_length: what texts are padded to where they are not bucketed.
        inference_batches: batch sizes of inference.
        inference_lengths: tokens an example there.
        inference_calls: calls a pass.
        lstm_batches: batch sizes of the recurrent student.
        lstm_length: its padded length.
        lstm_width: of its embeddings and of each direction.
        lstm_steps: steps a pass.
        theseus_ratio: layers of the base that one of its successor replaces.
        theseus_length: tokens an example there.
        theseus_steps: steps a pass.
        documents: scored for one query.
        documents_a_batch: how many of them a cross-encoder reads at once.
        query_tokens: of the query, special ones not counted.
        document_tokens: those of a document.
        products: (rows, inner, columns) of the matrix products.
        products_a_pass: how often each is computed in a pass.
        seconds: about how long a round of a contestant takes.
        rounds: rounds a contestant.
    """

    teacher: BertSizes = BertSizes(6, 384, 12, 1536)
    student: BertSizes = BertSizes(4, 312, 12, 1200)
    base: BertSizes = BertSizes(12, 768, 12, 3072)
    base_lengths: tuple[int, ...] = (32, 128)
    served: tuple[str, ...] = ("teacher", "student")
    vocab_size: int = 30_522
    examples: int = 768
    text_length: int = 0
    batch_size: int = 32
    max_seq_length: int = 128
    inference_batches: tuple[int, ...] = (1, 32)
    inference_lengths: tuple[int, ...] = (16, 64, 128)
    inference_calls: int = 10
    lstm_batches: tuple[int, ...] = (64, 256)
    lstm_length: int = 24
    lstm_width: int = 300
    lstm_steps: int = 10
    theseus_ratio: int = 4
    theseus_length: int = 64
    theseus_steps: int = 10
    documents: int = 1000
    documents_a_batch: int = 50
    query_tokens: int = 16
    document_tokens: int = 128
    products: tuple[tuple[int, int, int], ...] = (
        (512, 312, 1200),
        (512, 384, 1536),
        (4096, 312, 1200),
        (4096, 384, 1536),
        (1024, 768, 3072),
        # A recurrent student's: a step of the recurrence, and all inputs at once.
        (64, 300, 1200),
        (256, 300, 1200),
        (1536, 300, 1200),
        (6144, 300, 1200),
    )
    products_a_pass: int = 50
    seconds: float = 3.0
    rounds: int = 7

    @property
    def models(self) -> dict[str, BertSizes]:
        """Those whose inference is measured."""
        return {name: getattr(self, name) for name in self.served}


SMOKE = Settings(
    teacher=BertSizes(2, 24, 3, 40),
    student=BertSizes(1, 12, 3, 20),
    base=BertSizes(2, 16, 2, 20),
    base_lengths=(9,),
    vocab_size=211,
    examples=10,
    batch_size=4,
    max_seq_length=72,
    inference_batches=(1, 3),
    inference_lengths=(8,),
    inference_calls=2,
    lstm_batches=(3,),
    lstm_length=5,
    lstm_width=7,
    lstm_steps=2,
    theseus_ratio=2,
    theseus_length=5,
    theseus_steps=2,
    documents=6,
    documents_a_batch=3,
    query_tokens=2,
    document_tokens=5,
    products=((5, 7, 11),),
    products_a_pass=2,
    seconds=0.0,
    rounds=1,
)
