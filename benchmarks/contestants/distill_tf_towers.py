"""distill_tf's two towers: distilled from a cross-encoder, and scoring documents."""

from collections.abc import Callable

import keras
import numpy as np
from batches import SEED
from batches import make_pairs
from settings import Settings
from temporary_folder import temporary_folder

from contestants.distill_tf_training import bert_config
from contestants.distill_tf_training import classifier
from contestants.distill_tf_training import encode
from contestants.distill_tf_training import prepare
from contestants.distill_tf_training import training
from contestants.distill_tf_training import with_teacher_on_disk
from distill_tf.config import DistillConfig
from distill_tf.data.batches import TrainingBatches
from distill_tf.document_index import build_document_index
from distill_tf.labels import LabelSet
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.models.two_tower_config import TwoTowerConfig
from distill_tf.precision import without_training
from distill_tf.predictor import Predictor
from distill_tf.text import EncodedPairs
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder
from distill_tf.text.pair_layout import BipartiteLayout
from distill_tf.text.pair_layout import TowersLayout

_SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def distillation(
    settings: Settings,
    precision: str,
    model_type: str,
    method: str,
    on_disk: bool = False,
    **options,
) -> dict[str, Callable[[int], None]]:
    """Pairs of texts, each as long as SST-2's; teacher and student of equal sizes.

    Args:
        settings: sizes.
        precision: Keras' dtype policy, of both models.
        model_type: what joins the towers.
        method: with or without a teacher.
        on_disk: whether the teacher's outputs are read from there.
        **options: of DistillConfig.
    """
    config = DistillConfig(
        model_type=model_type,
        method=method,
        train_batch_size=settings.batch_size,
        precision=precision,
        num_train_epochs=1.0,
        learning_rate=5e-5,
        **options,
    )
    prepare(config)
    first, second = make_pairs(settings)
    sides = encode(first), encode(second)
    layout = {
        "max_tokens": tuple(int(side.lengths.max()) for side in sides),
        "cls_id": _SPECIALS.index("[CLS]"),
        "sep_id": _SPECIALS.index("[SEP]"),
    }
    sizes = Sizes(
        student_layers=settings.teacher.num_hidden_layers,
        teacher_layers=settings.teacher.num_hidden_layers,
        regression=False,
        tower_tokens=layout["max_tokens"],
    )
    (stage,) = build_stages(config, sizes)
    teacher, read_by_teacher = None, None
    if stage.needs_teacher:
        teacher = classifier(
            settings.teacher,
            settings,
            without_training(precision),
            pooling_strategy="mean",
        )
        read_by_teacher = EncodedPairs(*sides, BipartiteLayout(**layout))
    batches = TrainingBatches(
        EncodedPairs(*sides, TowersLayout(**layout)),
        first.labels,
        settings.batch_size,
        SEED,
        read_by_teacher,
    )
    if on_disk:
        batches = with_teacher_on_disk(batches, stage, teacher, config)
    student = _student(model_type, settings, precision)
    return training(stage, config, student, batches, teacher)


def scoring(
    settings: Settings, precision: str, model_type: str
) -> dict[str, Callable[[int], None]]:
    """A query against an index of documents, as text."""
    words = [f"w{i}" for i in range(settings.vocab_size - len(_SPECIALS))]
    # With [CLS] and [SEP].
    lengths = settings.query_tokens + 2, settings.document_tokens + 2
    predictor = Predictor(
        _student(model_type, settings, without_training(precision)),
        build_encoder(
            Vocabulary((*_SPECIALS, *words)),
            TextSettings.of_pairs("towers", True, lengths),
        ),
        LabelSet(("0", "1"), is_pair=True),
    )
    generator = np.random.default_rng(SEED)
    query = " ".join(generator.choice(words, settings.query_tokens))
    documents = generator.choice(words, (settings.documents, settings.document_tokens))
    index = build_document_index(
        predictor, [" ".join(each) for each in documents], temporary_folder() / "index"
    )

    def run(passes: int) -> None:
        for _ in range(passes):
            index.score(query)

    return {"": run}


def _student(model_type: str, settings: Settings, precision: str) -> TwoTowerClassifier:
    keras.utils.set_random_seed(SEED)
    config = TwoTowerConfig(
        bert=bert_config(settings.teacher, settings),
        interaction=model_type,
        residual_head=model_type == "late_fusion",
    )
    return TwoTowerClassifier(config, 2, dtype=precision)
