"""PyTorch's LSTM student that learns the logits of transformers' BERT."""

from collections.abc import Callable

import torch
from settings import Settings
from torch.nn import functional

from contestants import pytorch_bert
from contestants.pytorch_lstm import Student


def distillation(
    settings: Settings, bfloat16: bool
) -> dict[str, Callable[[int], None]]:
    """Tang's method: squared difference to the teacher's logits."""
    student = Student(settings).train()
    teacher = pytorch_bert.frozen(settings, bfloat16)

    def loss_of(batch):
        with torch.no_grad():
            theirs = teacher(**batch[0]).logits.float()
        lengths = batch[0]["attention_mask"].sum(1)
        ours = student(batch[0]["input_ids"], lengths).float()
        return functional.mse_loss(ours, theirs)

    batches = pytorch_bert.tensors(settings)
    return pytorch_bert.training(loss_of, student.parameters(), batches, bfloat16)
