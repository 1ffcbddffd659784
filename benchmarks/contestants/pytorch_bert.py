"""PyTorch with transformers: fine-tuning, both stages of TinyBERT, inference.

As a skilled user writes it: a fused AdamW, autocast, the teacher in inference mode and
in bfloat16 as a whole, length buckets. `padding` is that of `batches.make_batches`; to
the maximum length is what TinyBERT's official script does.
"""

import dataclasses
from collections.abc import Callable
from collections.abc import Iterable

import numpy as np
import torch
from batches import make_batches
from bert_base_cases import bert_base_cases
from inference_cases import inference_cases
from scoring_cases import cross_encoder_case
from settings import BertSizes
from settings import Settings
from torch.nn import functional
from transformers import BertConfig
from transformers import BertForSequenceClassification


def fine_tuning(
    settings: Settings, bfloat16: bool, padding: str = "short steps"
) -> dict[str, Callable[[int], None]]:
    model = classifier(settings.teacher, settings).train()

    def loss_of(batch):
        return functional.cross_entropy(model(**batch[0]).logits.float(), batch[1])

    return training(loss_of, model.parameters(), tensors(settings, padding), bfloat16)


def tinybert_prediction(
    settings: Settings, bfloat16: bool, padding: str = "short steps"
) -> dict[str, Callable[[int], None]]:
    student = classifier(settings.student, settings).train()
    teacher = frozen(settings, bfloat16)

    def loss_of(batch):
        with torch.no_grad():
            theirs = teacher(**batch[0]).logits.float()
        ours = student(**batch[0]).logits.float()
        return functional.cross_entropy(ours, theirs.softmax(-1))

    return training(loss_of, student.parameters(), tensors(settings, padding), bfloat16)


def tinybert_intermediate(
    settings: Settings, bfloat16: bool, padding: str = "short steps"
) -> dict[str, Callable[[int], None]]:
    """Attention maps and hidden states, through one linear map."""
    student = classifier(settings.student, settings, "eager").bert.train()
    teacher = frozen(settings, bfloat16, "eager").bert
    projection = torch.nn.Linear(
        settings.student.hidden_size, settings.teacher.hidden_size
    )
    pairs = layer_pairs(settings)

    def loss_of(batch):
        asked = {"output_hidden_states": True, "output_attentions": True}
        with torch.no_grad():
            theirs = teacher(**batch[0], **asked)
        ours = student(**batch[0], **asked)
        loss = 0
        for mine, other in pairs:
            if mine:
                loss = loss + functional.mse_loss(
                    ours.attentions[mine - 1].float(),
                    theirs.attentions[other - 1].float(),
                )
            loss = loss + functional.mse_loss(
                projection(ours.hidden_states[mine]).float(),
                theirs.hidden_states[other].float(),
            )
        return loss

    parameters = [*student.parameters(), *projection.parameters()]
    return training(loss_of, parameters, tensors(settings, padding), bfloat16)


def inference(settings: Settings, bfloat16: bool) -> dict[str, Callable[[int], None]]:
    """From NumPy to NumPy, the model in the precision as a whole."""
    models = {
        name: classifier(sizes, settings) for name, sizes in settings.models.items()
    }
    for model in models.values():
        model.eval().to(torch.bfloat16 if bfloat16 else torch.float32)

    def call(name: str, token_ids: np.ndarray, mask: np.ndarray):
        def run():
            with torch.inference_mode():
                inputs = _inputs(token_ids, mask)
                return models[name](**inputs).logits.float().numpy()

        return run

    return inference_cases(settings, call)


def bert_base(settings: Settings, bfloat16: bool) -> dict[str, Callable[[int], None]]:
    return bert_base_cases(settings, fine_tuning, inference, bfloat16=bfloat16)


def scoring(settings: Settings, bfloat16: bool) -> dict[str, Callable[[int], None]]:
    return cross_encoder_case(settings, inference, bfloat16=bfloat16)


def classifier(
    sizes: BertSizes, settings: Settings, attention: str = "sdpa"
) -> BertForSequenceClassification:
    config = BertConfig(
        vocab_size=settings.vocab_size,
        hidden_act="gelu_pytorch_tanh",
        attn_implementation=attention,
        **dataclasses.asdict(sizes),
    )
    return BertForSequenceClassification(config)


def frozen(
    settings: Settings, bfloat16: bool, attention: str = "sdpa"
) -> BertForSequenceClassification:
    """The teacher."""
    teacher = classifier(settings.teacher, settings, attention).eval()
    return teacher.to(torch.bfloat16) if bfloat16 else teacher


def layer_pairs(settings: Settings) -> list[tuple[int, int]]:
    """Hidden states of student and teacher that are compared, the embeddings first."""
    student, teacher = (
        settings.student.num_hidden_layers,
        settings.teacher.num_hidden_layers,
    )
    return [(i, i * teacher // student) for i in range(student + 1)]


def tensors(
    settings: Settings, padding: str = "short steps"
) -> list[tuple[dict, torch.Tensor]]:
    """The batches, as (inputs, labels)."""
    return [
        (_inputs(batch.token_ids, batch.mask), torch.tensor(batch.labels).long())
        for batch in make_batches(settings, padding)
    ]


def adamw(parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameters, lr=5e-5, weight_decay=0.01, fused=True)


def training(
    loss_of: Callable[[tuple], torch.Tensor],
    parameters: Iterable[torch.nn.Parameter],
    batches: list[tuple],
    bfloat16: bool,
) -> dict[str, Callable[[int], None]]:
    parameters = list(parameters)
    optimizer = adamw(parameters)

    def run(passes: int) -> None:
        for batch in batches * passes:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                loss = loss_of(batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            loss.item()  # As a progress bar does.

    return {"": run}


def _inputs(token_ids: np.ndarray, mask: np.ndarray) -> dict[str, torch.Tensor]:
    return {
        "input_ids": torch.tensor(token_ids).long(),
        "attention_mask": torch.tensor(mask).long(),
    }
