"""Clients of ONNX and LiteRT, as programs for `run_client`.

All they need is numpy, tokenizers and the runtime. `job` is a list of [folder, texts,
partners or None]; the answer has for each the logits and labels of every variant.
"""

_LOAD = {
    "onnx": """
import onnxruntime

INT = "int64"

def load(folder):
    session = onnxruntime.InferenceSession(folder + "/model.onnx")
    wanted = [each.name for each in session.get_inputs()]
    def run(feeds):
        return session.run(["logits"], {name: feeds[name] for name in wanted})[0]
    return {"": run}
""",
    # The package has none of TensorFlow's operations, so a model that asks for them
    # would not load.
    "litert": """
from ai_edge_litert.interpreter import Interpreter

INT = "int32"

def load(folder):
    def runner(variant):
        path = f"{folder}/model_{variant}.tflite"
        signature = Interpreter(path).get_signature_runner()
        wanted = signature.get_input_details()
        return lambda feeds: signature(**{n: feeds[n] for n in wanted})["logits"]
    return {variant: runner(variant) for variant in ("float32", "float16", "int8")}
""",
}
_RUN = """
import json
import numpy as np
from tokenizers import Tokenizer

def arrays(tokenizer, rows, prefix=""):
    encodings = tokenizer.encode_batch(rows)
    ids, type_ids, mask = (
        np.array([getattr(each, name) for each in encodings], INT)
        for name in ("ids", "type_ids", "attention_mask")
    )
    # Without any token a row is a single unknown one; BERT's have special tokens.
    unknown = json.loads(tokenizer.to_str())["model"]["unk_token"]
    is_empty = ~mask.any(axis=1)
    ids[is_empty, :1] = tokenizer.token_to_id(unknown)
    mask[is_empty, :1] = 1
    return {
        f"{prefix}input_ids": ids,
        f"{prefix}token_type_ids": type_ids,
        f"{prefix}attention_mask": mask,
    }

def tower(tokenizer, texts, row_length, prefix):
    # [CLS] text PAD.. [SEP], the last at its place in a row of full length.
    tokenizer.enable_truncation(row_length - 2)
    rows = arrays(tokenizer, texts)
    def column(value):
        return np.full((len(texts), 1), value, INT)
    places = np.arange(1, rows["input_ids"].shape[1] + 1, dtype=INT)
    places = np.tile(places, (len(texts), 1))
    middles = {
        "input_ids": (
            tokenizer.token_to_id("[CLS]"),
            rows["input_ids"],
            tokenizer.token_to_id("[SEP]"),
        ),
        "token_type_ids": (0, rows["token_type_ids"], 0),
        "attention_mask": (1, rows["attention_mask"], 1),
        "position_ids": (0, places, row_length - 1),
    }
    return {
        prefix + name: np.hstack([column(first), middle, column(last)])
        for name, (first, middle, last) in middles.items()
    }

def read(folder, texts, partners):
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.encode_special_tokens = True
    if partners is None:
        return arrays(tokenizer, texts)
    settings = json.load(open(folder + "/text_settings.json"))
    if settings["layout"] == "bert":
        return arrays(tokenizer, list(zip(texts, partners)))
    if settings["layout"] == "towers":
        return {
            **tower(tokenizer, texts, settings["max_seq_length_query"], "first_"),
            **tower(tokenizer, partners, settings["max_seq_length_doc"], "second_"),
        }
    first = arrays(tokenizer, texts, "first_")
    return {**first, **arrays(tokenizer, partners, "second_")}

answer = []
for folder, texts, partners in job:
    names = json.load(open(folder + "/labels.json"))["names"]
    feeds = read(folder, texts, partners)
    found = {variant: run(feeds) for variant, run in load(folder).items()}
    answer.append({
        variant: {
            "logits": logits.tolist(),
            "labels": [names[row.argmax()] for row in logits],
        }
        for variant, logits in found.items()
    })
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""
CLIENTS = {name: load + _RUN for name, load in _LOAD.items()}
