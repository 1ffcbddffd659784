"""Settings of the students without attention: BiLSTM and static vectors."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class WordStudentOptions(Options):
    """What --model_type=bilstm and --model_type=static read, and their sizes.

    None stands for what the preset says.
    """

    student_preset: str = option(
        "paddle",
        "Sizes of a bilstm by the name of who published them; single sizes can be "
        "changed beside it.",
        choices=("tang", "tang_large", "paddle", "oneflow", "bert_embedding"),
    )
    student_tokenizer: str | None = option(
        None,
        "How the student splits text: wordpiece (the teacher's pieces), whitespace, "
        "basic (words and punctuation), jieba (Chinese words).",
        choices=("wordpiece", "whitespace", "basic", "jieba"),
    )
    student_max_seq_length: int | None = option(
        None,
        "Longest text of the student in tokens, each text of a pair by itself; by "
        "default max_seq_length.",
        minimum=1,
    )
    vocab_size: int = option(
        10_000, "Words that are counted from the training data.", minimum=3
    )
    vocab_path: str = option(
        "",
        "Dictionary of the student's words, one a line, or the first of several tab "
        "fields, instead of counted ones.",
        is_path=True,
    )
    use_pretrained_emb: bool = option(
        False, "Start the student's embeddings from the vectors of embedding_path."
    )
    embedding_path: str = option(
        "", "Word vectors: GloVe text, word2vec text or word2vec binary.", is_path=True
    )
    train_embeddings: bool | None = option(
        None,
        "Train the student's embeddings; by default bert_embedding and theseus keep "
        "them as they are.",
    )
    emb_dim: int | None = option(None, "Width of the embeddings.", minimum=1)
    lstm_hidden_size: int | None = option(
        None, "Width of one direction of the LSTM.", minimum=1
    )
    lstm_num_layers: int | None = option(None, "Layers of the LSTM.", minimum=1)
    bidirectional: bool | None = option(None, "Read the text in both directions.")
    student_pooling: str | None = option(
        None, "The LSTM's last states, or their maximum.", choices=("last", "max")
    )
    fc_size: int | None = option(
        None, "Width of the layer under the head; 0 for none.", minimum=0
    )
    dropout_prob: float | None = option(
        None,
        "Share of units that training leaves out; by default the preset's, of a static "
        "student 0.1.",
        minimum=0,
        maximum=0.99,
    )
    pair_features: str | None = option(
        None,
        "Of two texts u, v: concat_diff_product [u; v; |u-v|; u*v], or Paddle's "
        "concat_sum_diff [u; v; u+v; |u-v|].",
        choices=("concat_diff_product", "concat_sum_diff"),
    )
