"""A BERT classifier on the mean of its last hidden states, in plain PyTorch.

    model = MeanPooledBertClassifier.from_folder(".")
    logits = model(input_ids, token_type_ids, attention_mask)

It takes token ids; the tokenizer.json beside it makes them of texts. Needs nothing but
torch. For inference: there is no dropout.
"""

import json
import struct
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {
    "gelu": functional.gelu,
    "gelu_pytorch_tanh": partial(functional.gelu, approximate="tanh"),
    "relu": functional.relu,
    "silu": functional.silu,
    "tanh": torch.tanh,
}


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

    def forward(self, input_ids, token_type_ids):
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        return self.LayerNorm(
            self.word_embeddings(input_ids)
            + self.position_embeddings(positions)
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


class MeanPooledBertClassifier(nn.Module):
    """Encoder -> mean over the tokens, padding left out -> linear layer.

    `id2label` names the outputs, in order; a regression has one output.
    """

    def __init__(self, config):
        super().__init__()
        names = config["id2label"]
        self.id2label = {int(index): name for index, name in names.items()}
        layers = (Layer(config) for _ in range(config["num_hidden_layers"]))
        self.bert = nn.ModuleDict(
            {
                "embeddings": Embeddings(config),
                "encoder": nn.ModuleDict({"layer": nn.ModuleList(layers)}),
            }
        )
        self.classifier = nn.Linear(config["hidden_size"], len(names))

    @classmethod
    def from_folder(cls, folder):
        """The model of a folder with config.json and model.safetensors."""
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text("utf-8"))
        model = cls(config)
        model.load_state_dict(read_safetensors(folder / "model.safetensors"))
        return model.eval()

    def forward(self, input_ids, token_type_ids, attention_mask):
        """Logits [B, C] of token ids, segments (0 or 1) and mask, each [B, L]."""
        mask = attention_mask.bool()
        states = self.bert["embeddings"](input_ids, token_type_ids)
        for layer in self.bert["encoder"]["layer"]:
            states = layer(states, mask[:, None, None, :])
        states = states.masked_fill(~mask[:, :, None], 0)
        return self.classifier(states.sum(1) / mask.sum(1, keepdim=True))


def read_safetensors(path):
    """The float32 tensors of a file: 8 bytes of header length, JSON header, data."""
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack_from("<Q", data)
    start = 8 + length
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} in {path} is {entry['dtype']}, expected F32")
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(
            data, dtype=torch.float32, count=(end - begin) // 4, offset=start + begin
        )
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
