"""A classifier of pairs that reads each text by itself, in plain PyTorch.

    model = TwoTowerClassifier.from_folder(".")
    logits = model(
        first_input_ids, first_attention_mask, second_input_ids, second_attention_mask
    )

or, to read texts once and score them often,

    query = model.encode(input_ids, attention_mask, "first")
    documents = model.encode(input_ids, attention_mask, "second")
    logits = model.score(*query, *documents)

where one query is scored with all documents. It takes token ids; the tokenizer.json
beside it makes them of texts, and the model adds [CLS] and [SEP]. Needs nothing but
torch. For inference: there is no dropout.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from .bert_layers import Encoder
from .bert_layers import Layer
from .masked_mean import masked_mean
from .saved_classifier import SavedClassifier

MASKED_SCORE = -1e9


class Interaction(nn.Module):
    """What is kept of a text, and what becomes of two of them.

    `keep` gives vectors [B, K, W] and a mask [B, K] of a text's last states, mask and
    positions; `forward` the features of a pair, `width` numbers.
    """

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.width = config["hidden_size"]

    def keep(self, states, mask, positions, side):
        return states, mask

    def first_tokens(self, states, mask, positions, count):
        return states[:, :count], (mask & (positions < count))[:, :count]


def cross_attention_scores(first, second):
    """[B, M, N] of vectors [B, M, H] and [B, N, H]."""
    return first @ second.transpose(1, 2) / math.sqrt(first.shape[-1])


def masked_softmax(scores, mask):
    return scores.masked_fill(~mask[:, None, :], MASKED_SCORE).softmax(-1)


def concat_diff_squared_max(first, second):
    squared = torch.maximum(first, second).square()
    return torch.cat([first, second, (first - second).abs(), squared], -1)


class LateFusion(Interaction):
    """An attention in each direction between all tokens, and the means of both."""

    def __init__(self, config):
        super().__init__(config)
        self.width = 4 * config["hidden_size"]

    def forward(self, first, first_mask, second, second_mask):
        scores = cross_attention_scores(first, second)
        return concat_diff_squared_max(
            self.attended(scores, first_mask, second, second_mask),
            self.attended(scores.transpose(1, 2), second_mask, first, first_mask),
        )

    def attended(self, scores, mask, vectors, vectors_mask):
        if self.config["strict_virt"]:
            mask = torch.ones_like(mask)
        shares = masked_mean(masked_softmax(scores, vectors_mask), mask)
        return (shares[:, None, :] @ vectors)[:, 0]


class OneVector(Interaction):
    """Keeps one vector a text: the mean of its tokens, or the pooler's."""

    def __init__(self, config):
        super().__init__(config)
        self.pooler = None
        if config["pooling_strategy"] == "cls":
            self.pooler = nn.Linear(config["hidden_size"], config["hidden_size"])

    def keep(self, states, mask, positions, side):
        if self.pooler is None:
            vector = masked_mean(states, mask)
        else:
            vector = torch.tanh(self.pooler(states[:, 0]))
        return vector[:, None], torch.ones_like(mask[:, :1])


class BiEncoder(OneVector):
    """[u; v]."""

    def __init__(self, config):
        super().__init__(config)
        self.width = 2 * config["hidden_size"]

    def forward(self, first, first_mask, second, second_mask):
        return torch.cat([first[:, 0], second[:, 0]], -1)


class Sbert(OneVector):
    """[u; v; |u - v|; max(u, v)^2]."""

    def __init__(self, config):
        super().__init__(config)
        self.width = 4 * config["hidden_size"]

    def forward(self, first, first_mask, second, second_mask):
        return concat_diff_squared_max(first[:, 0], second[:, 0])


class Poly(OneVector):
    """Attention of the query's vector to the document's first tokens."""

    def keep(self, states, mask, positions, side):
        if side == "first":
            return super().keep(states, mask, positions, side)
        return self.first_tokens(states, mask, positions, self.config["poly_first_m"])

    def forward(self, first, first_mask, second, second_mask):
        scores = cross_attention_scores(first, second)
        return (masked_softmax(scores, second_mask) @ second)[:, 0]


class Deformer(Interaction):
    """The mean over the tokens of a layer that reads both texts."""

    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer(config)

    def forward(self, first, first_mask, second, second_mask):
        mask = torch.cat([first_mask, second_mask], 1)
        states = torch.cat([first, second], 1)
        return masked_mean(self.layer(states, mask[:, None, None, :]), mask)


class DiPair(Deformer):
    """The same of the first tokens of both."""

    TOKENS = {"first": 8, "second": 16}

    def keep(self, states, mask, positions, side):
        return self.first_tokens(states, mask, positions, self.TOKENS[side])


class Col(Interaction):
    """For each class the sum over query tokens of the best match: logits, no head."""

    def __init__(self, config):
        super().__init__(config)
        size, self.num_classes = config["colbert_dim"], len(config["id2label"])
        self.first = nn.Linear(config["hidden_size"], size)
        self.second = nn.Linear(config["hidden_size"], size)
        self.by_class = nn.Linear(size, self.num_classes * size, bias=False)

    def keep(self, states, mask, positions, side):
        vectors = self.by_class(getattr(self, side)(states))
        vectors = vectors.unflatten(-1, (self.num_classes, -1))
        vectors = functional.normalize(vectors, dim=-1, eps=1e-12).flatten(2)
        return vectors.masked_fill(~mask[:, :, None], 0), mask

    def forward(self, first, first_mask, second, second_mask):
        first, second = (
            vectors.unflatten(-1, (self.num_classes, -1)).transpose(1, 2)
            for vectors in (first, second)
        )
        scores = first @ second.transpose(2, 3)
        if not self.config["strict_virt"]:
            scores = scores.masked_fill(~second_mask[:, None, None, :], MASKED_SCORE)
        best = scores.amax(-1).masked_fill(~first_mask[:, None, :], 0)
        return best.sum(-1) / math.sqrt(self.config["hidden_size"])


INTERACTIONS = {
    "late_fusion": LateFusion,
    "sbert": Sbert,
    "bi_encoder": BiEncoder,
    "poly": Poly,
    "deformer": Deformer,
    "dipair": DiPair,
    "col": Col,
}


class TwoTowerClassifier(SavedClassifier):
    """One encoder for both texts -> interaction -> residual layer -> logits."""

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.bert = Encoder(config)
        self.interaction = INTERACTIONS[config["interaction"]](config)
        width = self.interaction.width
        self.residual = self.classifier = None
        if config["interaction"] != "col":
            self.classifier = nn.Linear(width, len(self.id2label))
            if config["residual_head"]:
                self.residual = nn.Linear(width, width)

    def forward(
        self,
        first_input_ids,
        first_attention_mask,
        second_input_ids,
        second_attention_mask,
    ):
        """Logits [B, C] of token ids and mask, [B, L], of both texts."""
        return self.score(
            *self.encode(first_input_ids, first_attention_mask, "first"),
            *self.encode(second_input_ids, second_attention_mask, "second"),
        )

    def encode(self, input_ids, attention_mask, side):
        """What is kept of texts: vectors [B, K, W], and a mask [B, K].

        `side` is "first" or "second".
        """
        ids, mask, positions = self.row(input_ids, attention_mask.bool(), side)
        states = self.bert(ids, torch.zeros_like(ids), mask, positions)
        return self.interaction.keep(states, mask, positions, side)

    def score(self, first, first_mask, second, second_mask):
        """Logits [B, C] of what is kept of texts; a single first one goes with all."""
        rows = len(second)
        features = self.interaction(
            first.expand(rows, -1, -1), first_mask.expand(rows, -1), second, second_mask
        )
        if self.classifier is None:
            return features
        if self.residual is not None:
            features = features + self.residual(features)
        return self.classifier(features)

    def row(self, input_ids, mask, side):
        """[CLS] text PAD.. [SEP] with positions of a row of full length.

        A text without tokens is read as one unknown token.
        """
        config, most = self.config, self.config["max_tokens"][side]
        width = max(min(input_ids.shape[1], most), 1)
        if config["pads_to_max"]:
            width = most
        room = (0, width - input_ids.shape[1])
        input_ids = functional.pad(input_ids, room, value=config["pad_token_id"])
        mask = functional.pad(mask, room)
        places = torch.arange(width, device=mask.device)
        filled = ~mask.any(1, keepdim=True) & (places == 0)
        input_ids = input_ids.masked_fill(filled, config["unk_token_id"])
        first, last = (
            torch.full_like(input_ids[:, :1], config[name])
            for name in ("cls_token_id", "sep_token_id")
        )
        special = torch.ones_like(mask[:, :1])
        return (
            torch.cat([first, input_ids, last], 1),
            torch.cat([special, mask | filled, special], 1),
            torch.cat([places[:1], places + 1, torch.full_like(places[:1], most + 1)]),
        )
