"""A classifier over words, BiLSTM or mean of word vectors, in plain PyTorch.

    model = WordClassifier.from_folder(".")
    logits = model(input_ids, attention_mask)

and of pairs, each text a row of its own,

    logits = model(
        first_input_ids, first_attention_mask, second_input_ids, second_attention_mask
    )

It takes token ids; the tokenizer.json beside it makes them of texts. Needs nothing but
torch. For inference: there is no dropout.
"""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence
from torch.nn.utils.rnn import pad_packed_sequence

from .activations import ACTIVATIONS
from .masked_mean import masked_mean
from .saved_classifier import SavedClassifier


class LstmPooling(nn.Module):
    """LSTM layers over a text's words, and one vector of their states."""

    def __init__(self, config):
        super().__init__()
        self.pooling = config["pooling"]
        self.lstm = nn.LSTM(
            config["embedding_size"],
            config["hidden_size"],
            config["num_layers"],
            batch_first=True,
            bidirectional=config["bidirectional"],
        )
        directions = 2 if config["bidirectional"] else 1
        self.width = directions * config["hidden_size"]

    def forward(self, vectors, mask):
        lengths = mask.sum(1)
        packed = pack_padded_sequence(
            vectors, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        states, (last, _) = self.lstm(packed)
        if self.pooling == "last":
            # Of the last layer: forward after the last token, backward after the first.
            last_layer = last[-2:] if self.lstm.bidirectional else last[-1:]
            return torch.cat(tuple(last_layer), dim=-1)
        states, _ = pad_packed_sequence(
            states, batch_first=True, padding_value=-torch.inf
        )
        return states.amax(1)


class MeanPooling(nn.Module):
    """The mean of a text's word vectors."""

    def __init__(self, config):
        super().__init__()
        self.width = config["embedding_size"]

    def forward(self, vectors, mask):
        return masked_mean(vectors, mask)


ENCODERS = {"bilstm": LstmPooling, "static": MeanPooling}


def concat_diff_product(first, second):
    return torch.cat([first, second, (first - second).abs(), first * second], -1)


def concat_sum_diff(first, second):
    return torch.cat([first, second, first + second, (first - second).abs()], -1)


PAIR_FEATURES = {
    "concat_diff_product": concat_diff_product,
    "concat_sum_diff": concat_sum_diff,
}


class WordClassifier(SavedClassifier):
    """Word vectors -> vector of the text, or of the pair -> hidden layer -> logits."""

    def __init__(self, config):
        super().__init__(config)
        self.unk_token_id = config["unk_token_id"]
        self.is_pair = config["is_pair"]
        self.embeddings = nn.Embedding(config["vocab_size"], config["embedding_size"])
        self.encoder = ENCODERS[config["encoder"]](config)
        self.join = PAIR_FEATURES[config["pair_features"]]
        width = self.encoder.width * (4 if self.is_pair else 1)
        self.hidden = nn.Identity()
        if config["dense_size"]:
            self.hidden = nn.Linear(width, config["dense_size"])
            width = config["dense_size"]
        self.activation = ACTIVATIONS[config["hidden_act"]]
        self.classifier = nn.Linear(width, len(self.id2label))

    def forward(self, input_ids, attention_mask, *second):
        """Logits [B, C] of token ids and mask, both [B, L]; of a pair, twice."""
        features = self.text_vector(input_ids, attention_mask)
        if self.is_pair:
            features = self.join(features, self.text_vector(*second))
        return self.classifier(self.activation(self.hidden(features)))

    def text_vector(self, input_ids, attention_mask):
        """[B, D]; a text without tokens is read as one unknown token."""
        if not input_ids.shape[1]:
            input_ids = functional.pad(input_ids, (0, 1))
            attention_mask = functional.pad(attention_mask, (0, 1))
        mask = attention_mask.bool()
        is_empty = ~mask.any(1)
        first_places = torch.arange(mask.shape[1], device=mask.device) == 0
        filled = is_empty[:, None] & first_places
        input_ids = input_ids.masked_fill(filled, self.unk_token_id)
        return self.encoder(self.embeddings(input_ids), mask | filled)
