"""PyTorch code that goes beside the weights, one file a kind of student."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

_TEMPLATES = Path(__file__).with_name("templates")


def copy_template(model_type: str, folder: Path) -> None:
    """Puts `modeling_<model_type>.py` into a folder."""
    name = f"modeling_{model_type}.py"
    shutil.copyfile(_TEMPLATES / name, folder / name)


def import_template(model_type: str, folder: Path) -> ModuleType:
    """Runs the folder's `modeling_<model_type>.py`, as a client would."""
    path = folder / f"modeling_{model_type}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
