"""A BERT with the tanh pooler, as a folder of Hugging Face's transformers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from distill_tf.checkpoints.huggingface_names import huggingface_name
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.export.batches import in_batches
from distill_tf.export.bert_students import is_bert_student
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.huggingface_tokenizer import write_huggingface_tokenizer
from distill_tf.export.pytorch_students.huggingface_config import huggingface_config
from distill_tf.export.pytorch_students.safetensors_file import save_safetensors
from distill_tf.files import write_json_atomically
from distill_tf.predictor import Predictor


class HuggingFaceBert:
    """Read by AutoTokenizer, AutoModelForSequenceClassification and pipelines."""

    model_type = "bert"
    opened_with = ("torch", "transformers")

    def holds(self, predictor: Predictor) -> bool:
        return is_bert_student(predictor) and predictor.model.pooling_strategy == "cls"

    def write(self, predictor: Predictor, folder: Path) -> None:
        values = huggingface_config(
            predictor, "BertForSequenceClassification", self.model_type
        )
        write_json_atomically(folder / "config.json", values)
        save_safetensors(huggingface_arrays(named_weights(predictor.model)), folder)
        write_huggingface_tokenizer(predictor.encoder, folder)

    def open(self, folder: Path) -> TextsToLogits:
        torch = import_tool("torch", "pytorch")
        transformers = import_tool("transformers", "pytorch")
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
        model.eval()

        def run(texts, texts_b):
            inputs = tokenizer(
                texts, texts_b, truncation=True, padding=True, return_tensors="pt"
            )
            with torch.inference_mode():
                return model(**inputs).logits.numpy()

        return in_batches(run, model.config.num_labels)


def huggingface_arrays(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Canonical weights under Hugging Face's names, in PyTorch's layout."""
    arrays = {}
    for canonical, array in weights.items():
        name, is_transposed = huggingface_name(canonical)
        arrays[name] = array.T if is_transposed else array
    return arrays
