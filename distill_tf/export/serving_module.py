"""A classifier as a plain TensorFlow module, tokenizer included."""

from pathlib import Path

import tensorflow as tf

from distill_tf.export.graph_inputs import graph_inputs
from distill_tf.export.graph_inputs import token_specs
from distill_tf.export.graph_inputs import unflatten
from distill_tf.export.tower_signatures import tower_signatures
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.predictor import Predictor

TEXT_SIGNATURE = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY
TOKENS_SIGNATURE = "from_token_ids"


class ServingModule(tf.Module):
    """Inference alone: the weights, the tables, and a graph that needs no Python.

    The graph is traced with `training=False`, so it holds no dropout, no seeds and
    none of the outputs that only distillation reads. Variables are TensorFlow's own
    under their Keras paths; nothing of Keras is saved.

    Signatures:
        serving_default: `text` [n] string, or `text_a` and `text_b` for pairs; of a
            model whose words jieba finds, with spaces between the words;
        from_token_ids: `token_ids` and `segment_ids` [n, L] int32, `padding_mask`
            [n, L] bool, of a client that has its own tokenizer; `position_ids` [n, L]
            int32 where a row has padding inside. Where each text of a pair is read by
            itself, all of them once with `first_` and once with `second_` before the
            name;
        encode_first, encode_second: of students with two towers, `text` [n] string,
            the first or the second texts of pairs;
        score: `first_vectors` and `first_mask`, `second_vectors` and `second_mask`, as
            these two give them; of the first text perhaps a single row, for all rows
            of the second one.

    The encoders give `vectors` [n, K, W] float32 and `mask` [n, K] bool. All others
    give `label` [n] string, `probabilities` [n, C] and `logits` [n, C] float32,
    or `score` [n] float32 in a regression.
    """

    def __init__(self, predictor: Predictor, assets: Path):
        """Collects what the graph refers to.

        Args:
            predictor: the classifier.
            assets: a folder to put files into that become the SavedModel's assets;
                it has to be there until the module is saved.
        """
        super().__init__(name="classifier")
        self._predictor = predictor
        # TensorFlow saves what it finds in the attributes.
        self.weights = {weight.path: weight.value for weight in predictor.model.weights}
        self.encoder = predictor.encoder
        predictor.encoder.vocabulary.save(assets / "vocab.txt")
        self.vocabulary_file = tf.saved_model.Asset(str(assets / "vocab.txt"))
        if predictor.labels.names:
            lines = "".join(f"{name}\n" for name in predictor.labels.names)
            (assets / "labels.txt").write_text(lines, "utf-8", newline="")
            self.labels_file = tf.saved_model.Asset(str(assets / "labels.txt"))

    def signatures(self) -> dict[str, tf.types.experimental.ConcreteFunction]:
        """The entry points by name, traced for any batch size and length."""
        functions = {
            TEXT_SIGNATURE: self._from_texts(),
            TOKENS_SIGNATURE: self._from_ids(),
        }
        if isinstance(self._predictor.model, TwoTowerClassifier):
            functions |= tower_signatures(self._predictor, self._answers)
        return functions

    def _from_texts(self):
        names = text_names(self._predictor.labels.is_pair)
        specs = [tf.TensorSpec([None], tf.string, name) for name in names]

        @tf.function(input_signature=specs, autograph=False)
        def classify(*texts):
            return self._classified(graph_inputs(self.encoder, *texts))

        return classify.get_concrete_function()

    def _from_ids(self):
        specs = token_specs(self.encoder, self._predictor.labels.is_pair)

        @tf.function(input_signature=list(specs.values()), autograph=False)
        def classify(*tensors):
            inputs = unflatten(dict(zip(specs, tensors, strict=True)))
            return self._classified(inputs)

        return classify.get_concrete_function()

    def _classified(self, inputs) -> dict[str, tf.Tensor]:
        return self._answers(self._predictor.model(inputs, training=False))

    def _answers(self, logits: tf.Tensor) -> dict[str, tf.Tensor]:
        names = self._predictor.labels.names
        if not names:
            return {"score": logits[:, 0]}
        return {
            "label": tf.gather(tf.constant(names), tf.argmax(logits, axis=-1)),
            "probabilities": tf.nn.softmax(logits),
            "logits": logits,
        }


def text_names(is_pair: bool) -> tuple[str, ...]:
    """What `serving_default` calls its inputs."""
    return ("text_a", "text_b") if is_pair else ("text",)
