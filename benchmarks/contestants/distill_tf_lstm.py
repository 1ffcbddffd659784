"""distill_tf's bidirectional LSTM: the layer alone, and a student's training step."""

from collections.abc import Callable

from settings import Settings

from contestants.tensorflow_lstm import layer_passes
from contestants.tensorflow_lstm import step_passes
from distill_tf.models.bilstm import LstmLayer
from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.bilstm_config import BiLstmConfig


def layer(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    config = BiLstmConfig(vocab_size=1, hidden_size=settings.lstm_width)
    lstm = LstmLayer(config, dtype=precision)
    lstm.build((None, None, settings.lstm_width))
    return layer_passes(
        lambda vectors, mask, lengths: lstm(vectors, lengths)[1],
        [weight.value for weight in lstm.weights],
        settings,
        time_major=True,
    )


def step(
    settings: Settings, precision: str, lazy_rows: bool = False
) -> dict[str, Callable[[int], None]]:
    config = BiLstmConfig(
        vocab_size=settings.vocab_size,
        embedding_size=settings.lstm_width,
        hidden_size=settings.lstm_width,
        dropout_prob=0.0,
    )
    model = BiLstmClassifier(config, 2, dtype=precision)
    return step_passes(
        model, ("token_ids", "padding_mask"), settings, lazy_rows=lazy_rows
    )
