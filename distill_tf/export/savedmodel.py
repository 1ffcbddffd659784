"""Export as a SavedModel for TensorFlow Serving: text in, label out."""

import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
import tensorflow_text  # noqa: F401  # Registers the tokenizer's operations.

from distill_tf.export.batches import in_batches
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.export.quiet import quiet
from distill_tf.export.serving_module import TEXT_SIGNATURE
from distill_tf.export.serving_module import ServingModule
from distill_tf.export.serving_module import text_names
from distill_tf.export.tower_signatures import SCORE_SIGNATURE
from distill_tf.export.tower_signatures import tower_warm_up_requests
from distill_tf.export.warm_up import WarmUpRequest
from distill_tf.export.warm_up import check_serving_messages
from distill_tf.export.warm_up import text_requests
from distill_tf.export.warm_up import write_warm_up_requests
from distill_tf.predictor import Predictor
from distill_tf.text import TextSettings
from distill_tf.text import build_splitter

_VERSION = "1"
_EXTRA = "assets.extra"
_TEXT_SETTINGS = "text_settings.json"
_MODELS_CONFIG = "models.config"
# Where the documentation's docker command puts the folder.
_MODELS_CONFIG_TEXT = """\
# For tensorflow_model_server --model_config_file: base_path is the folder that holds
# this file, as the server sees it.
model_config_list {
  config {
    name: "classifier"
    base_path: "/models/classifier"
    model_platform: "tensorflow"
  }
}
"""


class SavedModelExporter:
    """Writes version 1 of a model, and `models.config` for the server.

    See `ServingModule` for the signatures. jieba is Python, so the graph of a model
    that reads words found by jieba takes texts whose words are separated by spaces.
    """

    name = "savedmodel"
    marker = "models.config"
    is_versioned = True

    def check(self, predictor: Predictor) -> None:
        check_serving_messages()

    def export(self, predictor: Predictor, folder: Path) -> None:
        version = folder / _VERSION
        with tempfile.TemporaryDirectory() as assets, quiet():
            module = ServingModule(predictor, Path(assets))
            signatures = module.signatures()
            tf.saved_model.save(
                module,
                str(version),
                signatures,
                # Nobody trains it any more.
                tf.saved_model.SaveOptions(experimental_custom_gradients=False),
            )
        write_warm_up_requests(
            version / _EXTRA / "tf_serving_warmup_requests",
            _warm_up_requests(predictor, signatures),
        )
        predictor.encoder.settings.save(version / _EXTRA / _TEXT_SETTINGS)
        (folder / _MODELS_CONFIG).write_text(_MODELS_CONFIG_TEXT, "utf-8")

    def open(self, folder: Path) -> tuple[Export, ...]:
        version = folder / _VERSION
        with quiet():
            loaded = tf.saved_model.load(str(version))
        outputs = loaded.signatures[TEXT_SIGNATURE].structured_outputs
        segment = _segmenter(TextSettings.load(version / _EXTRA / _TEXT_SETTINGS))

        def run(texts, texts_b):
            columns = [texts] if texts_b is None else [texts, texts_b]
            names = text_names(is_pair=texts_b is not None)
            inputs = [tf.constant(segment(column)) for column in columns]
            # By way of `loaded`, which keeps weights and tables alive.
            classify = loaded.signatures[TEXT_SIGNATURE]
            answer = classify(**dict(zip(names, inputs, strict=True)))
            if "score" in answer:
                return answer["score"].numpy()[:, np.newaxis]
            return answer["logits"].numpy()

        width = outputs["logits"].shape[-1] if "logits" in outputs else 1
        # The user may have put other versions beside this one.
        files = (*files_under(version), folder / _MODELS_CONFIG)
        return (Export(files, in_batches(run, width), tolerance=1e-5),)


def _warm_up_requests(
    predictor: Predictor,
    signatures: Mapping[str, tf.types.experimental.ConcreteFunction],
) -> Iterator[WarmUpRequest]:
    max_words = predictor.encoder.max_seq_length
    names = text_names(predictor.labels.is_pair)
    yield from text_requests(TEXT_SIGNATURE, names, max_words)
    if SCORE_SIGNATURE in signatures:
        yield from tower_warm_up_requests(signatures, max_words)


def _segmenter(settings: TextSettings) -> Callable[[Sequence[str]], Sequence[str]]:
    """What has to be done to a text in Python before the graph reads it."""
    if settings.tokenizer != "jieba":
        return list
    return build_splitter(settings.tokenizer, settings.do_lower_case).segment


EXPORTER = SavedModelExporter()
