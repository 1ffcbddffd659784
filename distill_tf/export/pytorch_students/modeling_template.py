"""PyTorch code that goes beside the weights, one file a kind of student.

What templates have in common stands in neighbours of theirs, which they import; the
file that is written has it inside, so that it needs nothing but torch.
"""

import ast
import importlib.util
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

_TEMPLATES = Path(__file__).with_name("templates")


def write_modeling(model_type: str, folder: Path) -> None:
    """Puts `modeling_<model_type>.py` into a folder, as one file."""
    name = f"modeling_{model_type}"
    sources = list(_with_imported(name, seen=set()))
    *_, template = sources
    imports = {statement for source in sources for statement in source.imports}
    text = "\n".join(
        [
            f'"""{template.docstring}"""\n',
            *_sorted(imports),
            "",
            *(f"\n{source.body}" for source in sources),
        ]
    )
    (folder / f"{name}.py").write_text(text, "utf-8", newline="\n")


def import_modeling(model_type: str, folder: Path) -> ModuleType:
    """Runs the folder's `modeling_<model_type>.py`, as a client would."""
    path = folder / f"modeling_{model_type}.py"
    spec = importlib.util.spec_from_file_location(
        path.stem, path, loader=_WithoutBytecode(path.stem, str(path))
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _WithoutBytecode(SourceFileLoader):
    """Leaves no __pycache__ beside what was exported."""

    def set_data(self, path, data, *, _mode=0o666):
        pass


class _Source:
    """A template, in parts.

    Attributes:
        docstring: the module's, as it is written.
        imports: statements that import from elsewhere than the templates.
        neighbours: names of templates that it imports from, in order.
        body: all the rest.
    """

    def __init__(self, text: str):
        tree = ast.parse(text)
        self.docstring = ast.get_docstring(tree, clean=False)
        nodes = [
            node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        relative = [node for node in nodes if getattr(node, "level", 0)]
        self.imports = [ast.unparse(node) for node in nodes if node not in relative]
        self.neighbours = dict.fromkeys(node.module for node in relative)
        lines = text.splitlines()
        docstring, *_ = tree.body
        *_, last = (docstring, *nodes)
        self.body = "\n".join(lines[last.end_lineno :]).strip() + "\n"


def _with_imported(name: str, seen: set[str]) -> Iterator[_Source]:
    """A template after all that it imports, each of them once."""
    seen.add(name)
    source = _Source((_TEMPLATES / f"{name}.py").read_text("utf-8"))
    for neighbour in source.neighbours:
        if neighbour not in seen:
            yield from _with_imported(neighbour, seen)
    yield source


def _sorted(imports: set[str]) -> list[str]:
    """The standard library's, then torch's; in each `import` before `from`."""
    ordered = sorted(imports, key=lambda each: (each.startswith("from"), each))
    of_torch = [each for each in ordered if each.split()[1].startswith("torch")]
    others = [each for each in ordered if each not in of_torch]
    return [*others, "", *of_torch]
