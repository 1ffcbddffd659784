"""PyTorch's LSTM: the layer alone, and the student's training step.

Packed, it respects the rows' lengths as the others do; padded, it runs over the
padding, which gives other states in the backward direction.

PyTorch's threads spin while they wait. Where anything else runs on the machine, that
makes it ten times as slow; OMP_WAIT_POLICY=PASSIVE in the environment prevents it.
"""

from collections.abc import Callable

import numpy as np
import torch
from lstm_batches import lstm_batches
from settings import Settings

from distill_tf.training.memory import keep_freed_memory


def layer(
    settings: Settings, bfloat16: bool, packed: bool = True
) -> dict[str, Callable[[int], None]]:
    """As its authors would have it: time first, the longest row first."""
    keep_freed_memory()  # As in the layers of TensorFlow.
    lstm = _lstm(settings, batch_first=False)

    def passes_of(data: dict[str, np.ndarray]) -> Callable[[int], None]:
        longest_first = np.argsort(-data["lengths"], kind="stable")
        vectors = data["vectors"][longest_first].transpose(1, 0, 2)
        vectors = torch.tensor(np.ascontiguousarray(vectors), requires_grad=True)
        lengths = torch.tensor(data["lengths"][longest_first])

        def run(passes: int) -> None:
            for _ in range(passes * settings.lstm_steps):
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                    last = _last_states(lstm, vectors, lengths, packed, is_sorted=True)
                loss = last.float().square().sum()
                loss.backward()
                lstm.zero_grad()
                vectors.grad = None
                loss.item()

        return run

    return {case: passes_of(data) for case, data in lstm_batches(settings).items()}


def step(settings: Settings, bfloat16: bool) -> dict[str, Callable[[int], None]]:
    student = Student(settings)
    parameters = list(student.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01, fused=True)

    def passes_of(data: dict[str, np.ndarray]) -> Callable[[int], None]:
        names = "token_ids", "lengths", "labels"
        token_ids, lengths, labels = (torch.tensor(data[n]).long() for n in names)

        def run(passes: int) -> None:
            for _ in range(passes * settings.lstm_steps):
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                    logits = student(token_ids, lengths).float()
                loss = torch.nn.functional.cross_entropy(logits, labels)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                optimizer.zero_grad()
                loss.item()

        return run

    return {case: passes_of(data) for case, data in lstm_batches(settings).items()}


class Student(torch.nn.Module):
    """Embeddings, a bidirectional LSTM, a layer and the head."""

    def __init__(self, settings: Settings):
        super().__init__()
        width = settings.lstm_width
        self.embedding = torch.nn.Embedding(settings.vocab_size, width)
        self.lstm = _lstm(settings)
        self.head = torch.nn.Sequential(
            torch.nn.Linear(2 * width, width),
            torch.nn.ReLU(),
            torch.nn.Linear(width, 2),
        )

    def forward(self, token_ids, lengths):
        vectors = self.embedding(token_ids)
        return self.head(_last_states(self.lstm, vectors, lengths, packed=True))


def _lstm(settings: Settings, batch_first: bool = True) -> torch.nn.LSTM:
    width = settings.lstm_width
    return torch.nn.LSTM(width, width, bidirectional=True, batch_first=batch_first)


def _last_states(
    lstm, vectors, lengths, packed: bool, is_sorted: bool = False
) -> torch.Tensor:
    if packed:
        vectors = torch.nn.utils.rnn.pack_padded_sequence(
            vectors, lengths, batch_first=lstm.batch_first, enforce_sorted=is_sorted
        )
    _, (last, _) = lstm(vectors)
    return torch.cat([last[0], last[1]], dim=-1)
