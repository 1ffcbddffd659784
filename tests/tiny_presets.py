"""Small random KerasHub classifiers of other families than BERT, with tokenizers."""

import io
from pathlib import Path

import keras
import keras_hub
import numpy as np
import sentencepiece

LETTERS = "abcdefg"
SIZES = {
    "num_layers": 2,
    "num_heads": 3,
    "hidden_dim": 12,
    "intermediate_dim": 20,
    "max_sequence_length": 19,
}
MODELS = keras_hub.models


def roberta_tokenizer():
    specials = ("<s>", "<pad>", "</s>", "<mask>", "<unk>")
    tokens = (*specials, *LETTERS, "Ġ", "Ġa", "Ġb")
    return MODELS.RobertaTokenizer(
        vocabulary={token: i for i, token in enumerate(tokens)},
        merges=["Ġ a", "Ġ b"],
    )


def sentence_pieces() -> bytes:
    """A SentencePiece model of whole words."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a ba c d efg", "c d a"]),
        model_writer=model,
        model_type="WORD",
        vocab_size=10,
        pad_id=0,
        bos_id=1,
        eos_id=2,
        unk_id=3,
        pad_piece="[PAD]",
        bos_piece="[CLS]",
        eos_piece="[SEP]",
        unk_piece="[UNK]",
        user_defined_symbols="[MASK]",
        minloglevel=2,
    )
    return model.getvalue()


def distil_bert_tokenizer():
    specials = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    return MODELS.DistilBertTokenizer(vocabulary=[*specials, *LETTERS, "##a"])


# Family -> its tokenizer.
FAMILIES = {
    "Roberta": roberta_tokenizer,
    "DebertaV3": lambda: MODELS.DebertaV3Tokenizer(proto=sentence_pieces()),
    "DistilBert": distil_bert_tokenizer,
}


def make_task(family: str, num_classes: int = 2, seed: int = 0, **settings):
    """A KerasHub classifier, none of whose weights is 0."""
    tokenizer = FAMILIES[family]()
    preprocessor = getattr(MODELS, f"{family}TextClassifierPreprocessor")
    task = getattr(MODELS, f"{family}TextClassifier")(
        backbone=getattr(MODELS, f"{family}Backbone")(
            vocabulary_size=tokenizer.vocabulary_size(), **SIZES
        ),
        num_classes=num_classes,
        preprocessor=preprocessor(tokenizer, sequence_length=19),
        **settings,
    )
    keras.utils.set_random_seed(seed)
    generator = np.random.default_rng(seed)
    task.set_weights(
        [
            weight + generator.normal(scale=0.3, size=weight.shape)
            for weight in task.get_weights()
        ]
    )
    return task


def write_preset(folder: Path, family: str, **settings) -> str:
    """A preset folder as `save_to_preset` leaves it; gives its path."""
    make_task(family, **settings).save_to_preset(str(folder))
    return str(folder)
