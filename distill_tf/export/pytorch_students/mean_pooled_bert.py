"""A BERT with a mean-pooled head, as weights with plain PyTorch code beside them."""

from pathlib import Path

from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import POOLER_NAMES
from distill_tf.export.batches import in_batches
from distill_tf.export.bert_students import is_bert_student
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.huggingface_tokenizer import write_huggingface_tokenizer
from distill_tf.export.pytorch_students.huggingface_bert import huggingface_arrays
from distill_tf.export.pytorch_students.huggingface_config import huggingface_config
from distill_tf.export.pytorch_students.modeling_template import import_modeling
from distill_tf.export.pytorch_students.modeling_template import write_modeling
from distill_tf.export.pytorch_students.safetensors_file import save_safetensors
from distill_tf.files import write_json_atomically
from distill_tf.predictor import Predictor


class MeanPooledBert:
    """Transformers has no such head, so `modeling_mean_pooled_bert.py` computes it.

    The parameters have transformers' names all the same, and the tokenizer's files are
    as for `HuggingFaceBert`; the pooler, which nothing reads, is left out. The model
    type is none that transformers knows: as "bert" it would load, with a new pooler.
    """

    model_type = "mean_pooled_bert"
    opened_with = ("torch", "tokenizers")

    def holds(self, predictor: Predictor) -> bool:
        return is_bert_student(predictor) and predictor.model.pooling_strategy == "mean"

    def write(self, predictor: Predictor, folder: Path) -> None:
        values = huggingface_config(
            predictor, "MeanPooledBertClassifier", self.model_type
        )
        weights = named_weights(predictor.model)
        read = {name: weights[name] for name in weights if name not in POOLER_NAMES}
        write_json_atomically(folder / "config.json", values)
        save_safetensors(huggingface_arrays(read), folder)
        write_huggingface_tokenizer(predictor.encoder, folder)
        write_modeling(self.model_type, folder)

    def open(self, folder: Path) -> TextsToLogits:
        torch = import_tool("torch", "pytorch")
        tokenizers = import_tool("tokenizers", "pytorch")
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.encode_special_tokens = True
        modeling = import_modeling(self.model_type, folder)
        model = modeling.MeanPooledBertClassifier.from_folder(folder)

        def run(texts, texts_b):
            rows = texts if texts_b is None else list(zip(texts, texts_b, strict=True))
            encodings = tokenizer.encode_batch(rows)
            with torch.inference_mode():
                return model(
                    torch.tensor([each.ids for each in encodings]),
                    torch.tensor([each.type_ids for each in encodings]),
                    torch.tensor([each.attention_mask for each in encodings]),
                ).numpy()

        return in_batches(run, len(model.id2label))
