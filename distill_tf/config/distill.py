"""Settings of run_distill.py: a student that learns from a teacher."""

from dataclasses import dataclass

from distill_tf.config.distilbert import DistilBertOptions
from distill_tf.config.factor_transfer import FactorTransferOptions
from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.config.logit_methods import LogitMethodOptions
from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.config.more_texts import MoreTextOptions
from distill_tf.config.options import option
from distill_tf.config.pair_texts import PairTextOptions
from distill_tf.config.pkd import PkdOptions
from distill_tf.config.schedules import ScheduleOptions
from distill_tf.config.similarity import SimilarityOptions
from distill_tf.config.task import TaskOptions
from distill_tf.config.teacher import TeacherOptions
from distill_tf.config.teacher_cache import TeacherCacheOptions
from distill_tf.config.theseus import TheseusOptions
from distill_tf.config.tower_student import TowerStudentOptions
from distill_tf.config.training import TrainingOptions
from distill_tf.config.virt import VirtOptions
from distill_tf.config.word_student import WordStudentOptions
from distill_tf.models.interaction_names import INTERACTION_NAMES

# Students that encode the two texts of a pair each by itself.
TOWER_TYPES = INTERACTION_NAMES
_METHODS = ", ".join(
    f"{name} ({entry.learns_from})" for name, entry in METHOD_TABLE.items()
)


@dataclass(frozen=True, kw_only=True)
class DistillConfig(
    TaskOptions,
    MoreTextOptions,
    PairTextOptions,
    TrainingOptions,
    TeacherOptions,
    TeacherCacheOptions,
    LayerMethodOptions,
    WordStudentOptions,
    TowerStudentOptions,
    LogitMethodOptions,
    SimilarityOptions,
    FactorTransferOptions,
    PkdOptions,
    DistilBertOptions,
    TheseusOptions,
    VirtOptions,
    ScheduleOptions,
):
    """Teacher, student, method and its weights.

    None stands for a default that `resolve` fills in: what belongs to the kind of
    student, a tinybert being TinyBERT-4L, or something much smaller for the sample
    tasks.
    """

    model_type: str = option(
        "tinybert",
        "Kind of student: tinybert (a small BERT), bert_pkd (layers of the teacher), "
        "theseus (layers that replace the teacher's one by one), bilstm (a recurrent "
        "network), static (one vector a token and a small network); for pairs also one "
        "encoder for each text by itself and a light interaction: late_fusion "
        "(VIRT's), sbert, bi_encoder, poly, deformer, dipair, col (ColBERT's).",
        choices=("tinybert", "bert_pkd", "theseus", "bilstm", "static", *TOWER_TYPES),
    )
    method: str | None = option(
        None,
        f"How the student learns, from what: {_METHODS}. By default what belongs to "
        "the kind of student: tinybert, pkd, theseus, virt, and tang without "
        "attention.",
        choices=tuple(METHOD_TABLE),
    )
    learning_rate: float | None = option(
        None,
        "Peak learning rate of the last stage; by default of a tinybert 1e-4 from "
        "random weights and 3e-5 with a start, of a bert_pkd and of two towers 5e-5, "
        "of a theseus 2e-5, of a bilstm and a static student 1e-3.",
        minimum=0,
    )
    num_train_epochs: float | None = option(
        None,
        "Epochs of the last stage; by default 3, of a bert_pkd 4, of a theseus 5, of a "
        "bilstm and a static student 10.",
        minimum=0,
    )
    intermediate_learning_rate: float | None = option(
        None,
        "Learning rate of the first stage of tinybert and minilm, by default 5e-4 "
        "from random weights and 5e-5 with a start, and of theseus, by default 2e-5.",
        minimum=0,
    )
    intermediate_epochs: float | None = option(
        None,
        "Epochs of the first stage of tinybert and minilm, by default 3 from random "
        "weights and 10 with a start, and of theseus, by default 5.",
        minimum=0,
    )
    intermediate_distill: bool = option(True, "Run the first of two stages.")
    pred_distill: bool = option(True, "Run the second of two stages.")
    teacher_logits: str = option(
        "",
        "In place of a teacher a file with what it said of the training examples: "
        "logits, probabilities or labels, as tsv, csv, jsonl or npz (see "
        "docs/teachers.md).",
        is_path=True,
    )
    init_student_only: bool = option(
        False,
        "Write the student as it would start, as a Google checkpoint, into output_dir, "
        "and end; init_checkpoint_student takes it.",
    )
    soft_label_weight: float | None = option(
        None,
        "Weight of the teacher's predictions in tinybert's second stage and in "
        "tinybert_oneflow; by default 1, in a regression 0.",
        minimum=0,
    )
    hard_label_weight: float | None = option(
        None,
        "Weight of the gold labels in tinybert's second stage and in "
        "tinybert_oneflow; by default 0, in a regression 1.",
        minimum=0,
    )
    kd_alpha: float | None = option(
        None,
        "Method kd: alpha x cross-entropy with the labels + (1 - alpha) x soft "
        "cross-entropy with the teacher, 0.8 by default. In pkd, pkd_oneflow and "
        "soft_ce another name, OneFlow's, of pkd_alpha and soft_ce_alpha.",
        minimum=0,
        maximum=1,
    )
    temperature: float = option(
        1.0, "Softens both distributions of a soft loss.", minimum=1e-3
    )
    student_alone: bool | None = option(
        None,
        "Also train the same student without the teacher, for as many steps; by "
        "default only for the sample tasks.",
    )
