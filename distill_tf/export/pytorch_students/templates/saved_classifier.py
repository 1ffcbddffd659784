"""What every exported classifier is: names of its outputs, and a way to be loaded."""

import json
from pathlib import Path

import torch
from torch import nn


class SavedClassifier(nn.Module):
    """A classifier that is read from config.json and model.safetensors.

    `id2label` names the outputs, in order; a regression has one output.
    """

    def __init__(self, config):
        super().__init__()
        names = config["id2label"]
        self.id2label = {int(index): name for index, name in names.items()}

    @classmethod
    def from_folder(cls, folder):
        """The model of a folder, ready for inference."""
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text("utf-8"))
        model = cls(config)
        model.load_state_dict(read_safetensors(folder / "model.safetensors"))
        return model.eval()


def read_safetensors(path):
    """The float32 tensors of a file: 8 bytes of header length, JSON header, data."""
    data = bytearray(Path(path).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} in {path} is {entry['dtype']}, expected F32")
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(
            data, dtype=torch.float32, count=(end - begin) // 4, offset=start + begin
        )
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
