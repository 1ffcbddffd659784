"""TextBrewer 0.2.1: both stages of TinyBERT, on transformers' models.

Its own loop, its losses, a linear map a layer; what it writes to disk is left out. Of
mixed precision it knows only Apex, so bfloat16 is PyTorch's autocast around each batch,
and a teacher that is in bfloat16 as a whole. It has no length buckets, but takes any
loader: it gets ours.
"""

import tempfile
from collections.abc import Callable

import textbrewer
import torch
from settings import Settings

from contestants import pytorch_bert


def tinybert(
    settings: Settings, stage: str, bfloat16: bool
) -> dict[str, Callable[[int], None]]:
    """A stage: "intermediate" or "prediction"."""
    looks_inside = stage == "intermediate"
    attention = "eager" if looks_inside else "sdpa"
    student = pytorch_bert.classifier(settings.student, settings, attention).train()
    teacher = pytorch_bert.frozen(settings, bfloat16, attention)
    adaptor = _insides if looks_inside else _logits
    distiller = _Distiller(
        textbrewer.TrainingConfig(
            device="cpu", output_dir=tempfile.gettempdir(), ckpt_steps=10**9
        ),
        textbrewer.DistillationConfig(
            temperature=1,
            intermediate_matches=_matches(settings) if looks_inside else None,
        ),
        teacher,
        student,
        adaptor,
        adaptor,
    )
    distiller.bfloat16 = bfloat16
    batches = [inputs for inputs, _ in pytorch_bert.tensors(settings)]
    asked = {"output_hidden_states": True, "output_attentions": True}

    def run(passes: int) -> None:
        # Each call adds the maps' parameters to the optimizer that it is given.
        optimizer = pytorch_bert.adamw(student.parameters())
        with distiller:
            distiller.train(
                optimizer,
                batches,
                num_steps=passes * len(batches),
                max_grad_norm=1.0,
                **(asked if looks_inside else {}),
            )

    return {"": run}


class _Distiller(textbrewer.GeneralDistiller):
    bfloat16 = False

    def train_on_batch(self, batch, args):
        # Not around the loop: it would keep the weights that it has cast once.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            return super().train_on_batch(batch, args)

    def save_and_callback(self, *arguments) -> None:
        """Nothing: the weights are not wanted."""


def _logits(batch: dict, outputs: dict) -> dict:
    return {"logits": outputs["logits"]}


def _insides(batch: dict, outputs: dict) -> dict:
    return {
        "hidden": outputs["hidden_states"],
        "attention": outputs["attentions"],
        "inputs_mask": batch["attention_mask"],
    }


def _matches(settings: Settings) -> list[dict]:
    widths = settings.student.hidden_size, settings.teacher.hidden_size
    matches = []
    for mine, other in pytorch_bert.layer_pairs(settings):
        hidden = {"feature": "hidden", "loss": "hidden_mse", "weight": 1}
        matches.append(
            {**hidden, "layer_S": mine, "layer_T": other, "proj": ["linear", *widths]}
        )
        if mine:
            attention = {"feature": "attention", "loss": "attention_mse", "weight": 1}
            matches.append({**attention, "layer_S": mine - 1, "layer_T": other - 1})
    return matches
