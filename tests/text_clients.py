"""Clients of PyTorch and KerasHub, from texts to logits, as programs for `run_client`.

`job` is a list of [folder, texts, partners or None]; the answer has the logits of each.
The one of PyTorch needs torch and tokenizers, and transformers for an encoder with the
usual head; the one of KerasHub, that alone.
"""

from export_students import TEXT_BY_TEXT

PYTORCH = (
    TEXT_BY_TEXT
    + """
def with_the_usual_head(folder, texts, partners):
    import transformers
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    inputs = tokenizer(
        texts, partners, padding=True, truncation=True, return_tensors="pt"
    )
    return model(**inputs).logits

def mean_pooled(model, folder, texts, partners):
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.encode_special_tokens = True
    rows = tokenizer.encode_batch(list(zip(texts, partners)) if partners else texts)
    return model(
        torch.tensor([row.ids for row in rows]),
        torch.tensor([row.type_ids for row in rows]),
        torch.tensor([row.attention_mask for row in rows]),
    )

def logits_of(folder, texts, partners):
    config = json.load(open(folder + "/config.json"))
    model_type = config["model_type"]
    if model_type == "bert":
        return with_the_usual_head(folder, texts, partners)
    model = load(folder, model_type, *config["architectures"])
    if model_type == "mean_pooled_bert":
        return mean_pooled(model, folder, texts, partners)
    sides = [texts, partners] if partners else [texts]
    return model(*(each for side in sides for each in tensors(folder, side)))

with torch.inference_mode():
    answer = [logits_of(*each).tolist() for each in job]
assert "tensorflow" not in sys.modules
"""
)
KERAS_HUB = """
import keras_hub
import numpy as np
answer = []
for folder, texts, partners in job:
    classifier = keras_hub.models.BertTextClassifier.from_preset(folder)
    inputs = np.array(texts)
    if partners:
        inputs = (inputs, np.array(partners))
    answer.append(classifier.predict(inputs, batch_size=3, verbose=0).tolist())
"""
