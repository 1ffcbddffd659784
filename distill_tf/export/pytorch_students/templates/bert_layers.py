"""The parts of a BERT encoder, their parameters called as in transformers."""

import torch
from torch import nn
from torch.nn import functional

from .activations import ACTIVATIONS


class Embeddings(nn.Module):
    """The normalised sum of a token's, its position's and its segment's vector."""

    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], width)
        self.position_embeddings = nn.Embedding(
            config["max_position_embeddings"], width
        )
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], width)
        self.LayerNorm = nn.LayerNorm(width, eps=config["layer_norm_eps"])

    def forward(self, input_ids, token_type_ids, position_ids=None):
        if position_ids is None:
            position_ids = torch.arange(input_ids.shape[1], device=input_ids.device)
        return self.LayerNorm(
            self.word_embeddings(input_ids)
            + self.position_embeddings(position_ids)
            + self.token_type_embeddings(token_type_ids)
        )


class SelfAttention(nn.Module):
    """Multi-head attention without its output layer."""

    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.num_heads = config["num_attention_heads"]
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def forward(self, states, mask):
        def by_head(rows):
            return rows.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)

        context = functional.scaled_dot_product_attention(
            by_head(self.query(states)),
            by_head(self.key(states)),
            by_head(self.value(states)),
            attn_mask=mask,
        )
        return context.transpose(1, 2).flatten(2)


class Residual(nn.Module):
    """A linear layer, added to the block's input and normalised."""

    def __init__(self, config, width_in):
        super().__init__()
        self.dense = nn.Linear(width_in, config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(
            config["hidden_size"], eps=config["layer_norm_eps"]
        )

    def forward(self, states, block_input):
        return self.LayerNorm(self.dense(states) + block_input)


class Layer(nn.Module):
    """A post-norm transformer layer."""

    def __init__(self, config):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.activation = ACTIVATIONS[config["hidden_act"]]
        self.attention = nn.ModuleDict(
            {"self": SelfAttention(config), "output": Residual(config, width)}
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, inner)})
        self.output = Residual(config, inner)

    def forward(self, states, mask):
        context = self.attention["self"](states, mask)
        states = self.attention["output"](context, states)
        inner = self.activation(self.intermediate["dense"](states))
        return self.output(inner, states)


class Encoder(nn.Module):
    """Embeddings and layers, without a pooler."""

    def __init__(self, config):
        super().__init__()
        layers = (Layer(config) for _ in range(config["num_hidden_layers"]))
        self.embeddings = Embeddings(config)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(layers)})

    def forward(self, input_ids, token_type_ids, mask, position_ids=None):
        """The last states [B, L, H] of tokens [B, L], `mask` true where they count."""
        states = self.embeddings(input_ids, token_type_ids, position_ids)
        for layer in self.encoder["layer"]:
            states = layer(states, mask[:, None, None, :])
        return states
