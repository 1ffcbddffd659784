"""How much a pass of training on texts is."""

from batches import make_texts
from settings import BertSizes
from settings import Settings

from workloads.workload import Case


def one_pass(settings: Settings, trained: BertSizes, taught_by: BertSizes | None):
    """Examples of an epoch; forward and twice that back, and the teacher's forward."""
    lengths = make_texts(settings).lengths
    flops = 3 * _flops(trained, lengths)
    if taught_by is not None:
        flops += _flops(taught_by, lengths)
    return {"": Case(amount=settings.examples, flops=flops)}


def _flops(sizes: BertSizes, lengths) -> float:
    """Of the encoder's layers on the texts without padding."""
    width, inner = sizes.hidden_size, sizes.intermediate_size
    a_token = 8 * width**2 + 4 * width * inner
    tokens, pairs = float(lengths.sum()), float((lengths**2).sum())
    return sizes.num_hidden_layers * (a_token * tokens + 4 * width * pairs)
