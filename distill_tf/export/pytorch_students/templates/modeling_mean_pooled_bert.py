"""A BERT classifier on the mean of its last hidden states, in plain PyTorch.

    model = MeanPooledBertClassifier.from_folder(".")
    logits = model(input_ids, token_type_ids, attention_mask)

It takes token ids; the tokenizer.json beside it makes them of texts. Needs nothing but
torch. For inference: there is no dropout.
"""

from torch import nn

from .bert_layers import Encoder
from .masked_mean import masked_mean
from .saved_classifier import SavedClassifier


class MeanPooledBertClassifier(SavedClassifier):
    """Encoder -> mean over the tokens, padding left out -> linear layer."""

    def __init__(self, config):
        super().__init__(config)
        self.bert = Encoder(config)
        self.classifier = nn.Linear(config["hidden_size"], len(self.id2label))

    def forward(self, input_ids, token_type_ids, attention_mask):
        """Logits [B, C] of token ids, segments (0 or 1) and mask, each [B, L]."""
        mask = attention_mask.bool()
        states = self.bert(input_ids, token_type_ids, mask)
        return self.classifier(masked_mean(states, mask))
