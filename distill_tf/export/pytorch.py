"""Export to PyTorch: a folder that needs none of our code."""

from pathlib import Path

from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.errors import DistillError
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.export.exporter import import_tool
from distill_tf.export.pytorch_students.huggingface_bert import HuggingFaceBert
from distill_tf.export.pytorch_students.mean_pooled_bert import MeanPooledBert
from distill_tf.export.pytorch_students.student_kind import StudentKind
from distill_tf.export.pytorch_students.two_tower import TwoTowerStudent
from distill_tf.export.pytorch_students.word_classifier import WordStudent
from distill_tf.predictor import Predictor

# At most one of them holds a given student.
STUDENT_KINDS: tuple[StudentKind, ...] = (
    HuggingFaceBert(),
    MeanPooledBert(),
    WordStudent(),
    TwoTowerStudent(),
)


class PyTorchExporter:
    """Writes a student as its kind is written for PyTorch; see `StudentKind`.

    Writing needs neither torch nor transformers, but opening, and so comparing, does.
    """

    name = "pytorch"
    marker = "model.safetensors"
    is_versioned = False

    def check(self, predictor: Predictor) -> None:
        for module in _kind_of(predictor).opened_with:
            import_tool(module, "pytorch")

    def export(self, predictor: Predictor, folder: Path) -> None:
        _kind_of(predictor).write(predictor, folder)

    def open(self, folder: Path) -> tuple[Export, ...]:
        config = folder / "config.json"
        model_type = read_json_object(config).get("model_type")
        kinds = {kind.model_type: kind for kind in STUDENT_KINDS}
        if model_type not in kinds:
            raise DistillError(
                f"{config} was expected to name a model_type of "
                f"{' or '.join(kinds)}, but names {model_type!r}; export again."
            )
        logits = kinds[model_type].open(folder)
        return (Export(files_under(folder), logits, tolerance=1e-4),)


def _kind_of(predictor: Predictor) -> StudentKind:
    kind = next((kind for kind in STUDENT_KINDS if kind.holds(predictor)), None)
    if kind is None:
        layout = predictor.encoder.settings.layout
        raise DistillError(
            f"no PyTorch code is written for a {type(predictor.model).__name__} that "
            f"reads the layout {layout}, only for BERT, BiLSTM, static and two-tower "
            "students; choose savedmodel, onnx or litert."
        )
    return kind


EXPORTER = PyTorchExporter()
