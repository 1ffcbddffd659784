"""A BERT classifier on the mean of its last hidden states, in plain PyTorch.

    model = MeanPooledBertClassifier.from_folder(".")
    logits = model(input_ids, token_type_ids, attention_mask)

It takes token ids; the tokenizer.json beside it makes them of texts. Needs nothing but
torch. For inference: there is no dropout.
"""

from torch import nn

from .bert_layers import Embeddings
from .bert_layers import Layer
from .saved_classifier import SavedClassifier


class MeanPooledBertClassifier(SavedClassifier):
    """Encoder -> mean over the tokens, padding left out -> linear layer."""

    def __init__(self, config):
        super().__init__(config)
        layers = (Layer(config) for _ in range(config["num_hidden_layers"]))
        self.bert = nn.ModuleDict(
            {
                "embeddings": Embeddings(config),
                "encoder": nn.ModuleDict({"layer": nn.ModuleList(layers)}),
            }
        )
        self.classifier = nn.Linear(config["hidden_size"], len(self.id2label))

    def forward(self, input_ids, token_type_ids, attention_mask):
        """Logits [B, C] of token ids, segments (0 or 1) and mask, each [B, L]."""
        mask = attention_mask.bool()
        states = self.bert["embeddings"](input_ids, token_type_ids)
        for layer in self.bert["encoder"]["layer"]:
            states = layer(states, mask[:, None, None, :])
        states = states.masked_fill(~mask[:, :, None], 0)
        return self.classifier(states.sum(1) / mask.sum(1, keepdim=True))
