"""The sizes and constants of a BiLSTM classifier."""

from dataclasses import dataclass
from typing import ClassVar

from distill_tf.models.lstm_recurrence import NUM_GATES
from distill_tf.models.word_config import WordConfig

BILSTM_POOLING_STRATEGIES = ("last", "max")


@dataclass(frozen=True, kw_only=True)
class BiLstmConfig(WordConfig):
    """Hyper-parameters of `BiLstmClassifier`.

    Attributes:
        hidden_size: width of one direction.
        num_layers: LSTM layers.
        bidirectional: whether each layer reads in both directions.
        pooling: a text's vector: "last", the state after the last token beside the
            backward direction's after the first; or "max", each unit's largest state.
        forget_bias: initial value of the forget gates' biases.

    `dropout_prob` is the rate between LSTM layers too.
    """

    kind: ClassVar[str] = "BiLSTM"

    hidden_size: int = 300
    num_layers: int = 1
    bidirectional: bool = True
    pooling: str = "last"
    forget_bias: float = 1.0

    def __post_init__(self):
        super().__post_init__()
        self._check_whole("hidden_size", 1)
        self._check_whole("num_layers", 1)
        self._check_choice("pooling", BILSTM_POOLING_STRATEGIES)

    @property
    def num_directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def text_width(self) -> int:
        return self.num_directions * self.hidden_size

    def text_flops(self, length: int) -> int:
        """layers x directions x 8 n H (D + H): four gates of inputs D and states H."""
        widths = [self.embedding_size] + [self.text_width] * (self.num_layers - 1)
        gates = NUM_GATES * self.hidden_size
        return sum(
            2 * length * self.num_directions * gates * (width + self.hidden_size)
            for width in widths
        )
