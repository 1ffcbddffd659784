"""Where a student's WordPieces come from."""

from distill_tf.config import DistillConfig
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.teachers import bert_of
from distill_tf.pipeline.text_layout import decide_lower_case
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary


def reads_as_the_teacher(config: DistillConfig, teacher: Teacher) -> Predictor | None:
    """The BERT whose tokens a student reads, unless it has a vocabulary of its own.

    A single BERT's vocabulary is the student's too, and `vocab_file` says where it is.
    Beside any other teacher `vocab_file` is the student's own; without it a student
    reads as the first BERT among several teachers.
    """
    has_own = config.vocab_file and len(teacher.members) > 1
    return None if has_own else bert_of(teacher)


def lower_cases(config: DistillConfig, teacher: Teacher) -> bool:
    """Whether the student's text is lower-cased; yes, where nothing says so."""
    bert = reads_as_the_teacher(config, teacher)
    return decide_lower_case(
        config.do_lower_case, bert and bert.encoder.settings.do_lower_case
    )


def own_vocabulary(config: DistillConfig) -> Vocabulary | None:
    """The WordPieces of `vocab_file`, if it is given."""
    return Vocabulary.load(config.vocab_file) if config.vocab_file else None


def own_encoder(
    config: DistillConfig, vocabulary: Vocabulary, do_lower_case: bool | None = None
) -> TextEncoder:
    """How a student with this vocabulary reads.

    Args:
        config: may say whether to lower-case.
        vocabulary: the WordPieces.
        do_lower_case: what the vocabulary's checkpoint says of it, if anything.
    """
    settings = TextSettings(
        do_lower_case=decide_lower_case(config.do_lower_case, do_lower_case),
        max_seq_length=config.max_seq_length,
    )
    return TextEncoder.from_settings(vocabulary, settings)
