"""PyTorch with transformers: late_fusion's two towers learn from a cross-encoder.

As a skilled user writes VIRT: one encoder for both texts, queries and keys by hooks,
and of the teacher's attention only the blocks from text to text. Tokens, positions,
interaction and head are those of distill_tf's contestant.
"""

from collections.abc import Callable

import torch
from batches import Batch
from batches import make_pair_batches
from batches import make_pairs
from settings import Settings
from torch.nn import functional

from contestants import pytorch_bert

_CLS, _SEP = 2, 3
_WEIGHT = 700.0
_MASKED = -1e4


def distillation(
    settings: Settings, bfloat16: bool, is_taught: bool = True
) -> dict[str, Callable[[int], None]]:
    """Labels and, if it is taught, the teacher's attention maps in every layer."""
    student = _LateFusion(settings).train()
    teacher = pytorch_bert.frozen(settings, bfloat16).bert if is_taught else None
    ours, theirs = _Heads(student.tower), teacher and _Heads(teacher)

    def loss_of(batch):
        first, second, labels = batch
        towers = [ours(**row) for row in (first, second)]
        logits = student.interact(first, second, *(states for states, _ in towers))
        loss = functional.cross_entropy(logits.float(), labels)
        if teacher is None:
            return loss
        with torch.no_grad():
            _, insides = theirs(**_joined(first, second))
        sides = _inner(first), _inner(second)
        start = 1 + sides[0].shape[1] + 1
        spans = slice(1, start - 1), slice(start, start + sides[1].shape[1])
        maps = 0
        for layer, (queries, keys) in enumerate(insides):
            for one, other in ((0, 1), (1, 0)):
                mine = _probabilities(
                    towers[one][1][layer][0][:, :, 1:-1],
                    towers[other][1][layer][1][:, :, 1:-1],
                    sides[other],
                )
                target = _probabilities(
                    queries[:, :, spans[one]], keys[:, :, spans[other]], sides[other]
                )
                maps = maps + _masked_mean_square(mine - target, sides[one])
        return loss + _WEIGHT * maps / len(insides)

    batches = _tensors(settings)
    return pytorch_bert.training(loss_of, student.parameters(), batches, bfloat16)


class _LateFusion(torch.nn.Module):
    def __init__(self, settings: Settings):
        super().__init__()
        self.tower = pytorch_bert.classifier(settings.teacher, settings).bert
        self.width = settings.teacher.hidden_size
        self.dropout = torch.nn.Dropout(0.1)
        self.residual = torch.nn.Linear(4 * self.width, 4 * self.width)
        self.output = torch.nn.Linear(4 * self.width, 2)

    def interact(self, first, second, states_a, states_b):
        scores = states_a @ states_b.transpose(1, 2) / self.width**0.5
        masks = first["attention_mask"], second["attention_mask"]
        one = _attended(scores, *masks, states_b)
        other = _attended(scores.transpose(1, 2), *masks[::-1], states_a)
        larger = torch.maximum(one, other)
        pair = torch.cat([one, other, (one - other).abs(), larger.square()], -1)
        hidden = self.dropout(pair)
        return self.output(hidden + self.dropout(self.residual(hidden)))


class _Heads:
    """Runs a BERT; gives last states and, a layer, queries and keys [B, h, L, d]."""

    def __init__(self, bert):
        self._bert = bert
        self._heads = bert.config.num_attention_heads
        self._noted = []
        for layer in bert.encoder.layer:
            for part in (layer.attention.self.query, layer.attention.self.key):
                part.register_forward_hook(self._note)

    def _note(self, module, inputs, output):
        rows = output.unflatten(-1, (self._heads, -1))
        self._noted.append(rows.transpose(1, 2))

    def __call__(self, **row):
        self._noted = []
        states = self._bert(**row).last_hidden_state
        return states, list(zip(self._noted[::2], self._noted[1::2], strict=True))


def _attended(scores, mask, other_mask, others):
    """The mean over a text's tokens of what they attend to in the other one."""
    padding = (1 - other_mask[:, None]) * _MASKED
    probabilities = (scores.float() + padding).softmax(-1)
    weights = mask[..., None] / mask.sum(1)[:, None, None]
    shares = (probabilities * weights).sum(1, keepdim=True).to(others.dtype)
    return (shares @ others)[:, 0]


def _probabilities(queries, keys, key_mask):
    scores = queries @ keys.transpose(2, 3) / queries.shape[-1] ** 0.5
    padding = (1 - key_mask[:, None, None]) * _MASKED
    return (scores.float() + padding).softmax(-1)


def _masked_mean_square(difference, query_mask):
    """Over heads, an example's own queries, and keys; then over the batch."""
    rows = difference.square().mean((1, 3)) * query_mask
    return (rows.sum(1) / query_mask.sum(1)).mean()


def _inner(row):
    """The mask of a text's tokens, without [CLS] and [SEP]."""
    return row["attention_mask"][:, 1:-1]


def _joined(first, second):
    """[CLS] a [SEP] b [SEP], padding before each [SEP]."""
    row = {
        name: torch.cat([first[name], second[name][:, 1:]], 1)
        for name in ("input_ids", "attention_mask")
    }
    start = int(first["position_ids"][0, -1])
    later = second["position_ids"][:, 1:] + start
    row["position_ids"] = torch.cat([first["position_ids"], later], 1)
    row["token_type_ids"] = torch.cat(
        [torch.zeros_like(first["input_ids"]), torch.ones_like(later)], 1
    )
    return row


def _tensors(settings: Settings) -> list[tuple[dict, dict, torch.Tensor]]:
    longest = [int(texts.lengths.max()) for texts in make_pairs(settings)]
    return [
        (
            _tower(first, longest[0]),
            _tower(second, longest[1]),
            torch.tensor(first.labels).long(),
        )
        for first, second in make_pair_batches(settings)
    ]


def _tower(batch: Batch, longest: int) -> dict[str, torch.Tensor]:
    """[CLS] x [SEP]; [SEP] stands where it would in the longest row."""

    def between(first: int, values, last: int) -> torch.Tensor:
        return functional.pad(
            functional.pad(torch.tensor(values).long(), (1, 0), value=first),
            (0, 1),
            value=last,
        )

    rows, width = batch.token_ids.shape
    positions = torch.arange(1, width + 1).expand(rows, width)
    return {
        "input_ids": between(_CLS, batch.token_ids, _SEP),
        "attention_mask": between(1, batch.mask, 1),
        "position_ids": between(0, positions.numpy(), longest + 1),
    }
