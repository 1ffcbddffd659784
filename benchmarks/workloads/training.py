"""How much a pass of training on texts is."""

from collections.abc import Iterable

from batches import make_texts
from settings import BertSizes
from settings import Settings

from workloads.workload import Case


def one_pass(
    settings: Settings,
    trained: BertSizes | None,
    taught_by: BertSizes | None,
    without_teacher: Iterable[str] = (),
):
    """Examples of an epoch; forward and twice that back, and the teacher's forward.

    Args:
        settings: of the texts.
        trained: what learns; None for something else than a BERT.
        taught_by: whose forward pass comes beside it.
        without_teacher: contestants that do without.
    """
    lengths = text_lengths(settings)
    flops = alone = 3 * encoder_flops(trained, lengths) if trained else 0.0
    if taught_by is not None:
        flops += encoder_flops(taught_by, lengths)
    others = dict.fromkeys(without_teacher, alone)
    return {"": Case(amount=settings.examples, flops=flops, flops_of=others)}


def text_lengths(settings: Settings):
    """Tokens of each text of an epoch [n]."""
    return make_texts(settings).lengths


def encoder_flops(sizes: BertSizes, lengths) -> float:
    """Of the encoder's layers on the texts without padding."""
    width, inner = sizes.hidden_size, sizes.intermediate_size
    a_token = 8 * width**2 + 4 * width * inner
    tokens, pairs = float(lengths.sum()), float((lengths**2).sum())
    return sizes.num_hidden_layers * (a_token * tokens + 4 * width * pairs)
