"""A small teacher for the sample tasks, trained on the spot and kept."""

from pathlib import Path

import keras
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.fine_tune import train_classifier
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.predictor import Predictor
from distill_tf.tasks import sample_vocabulary
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder


def sample_teacher(
    config: DistillConfig, data: TaskData, may_train: bool = True
) -> str:
    """The folder of the teacher, beside the run's; trained first if it is not there.

    It learns from `teacher_train`, thousands of labelled sentences that the student
    never sees the labels of: what pre-training and a large labelled set are to a
    real teacher. Its settings do not depend on the run's, so that all runs share it;
    only students of two towers have one of their own, that reads pairs as they do.
    While another process trains it, this one waits.

    Raises:
        DistillError: it is not there, and `may_train` is false.
    """
    name = data.task.name
    layout = _layout(config)
    folder_name = f"{name}_teacher" if layout == "bert" else f"{name}_{layout}_teacher"
    teacher_config = FineTuneConfig(
        task_name=name,
        output_dir=str(Path(config.output_dir).parent / folder_name),
        input_layout=layout,
        pooling_strategy="cls" if layout == "bert" else "mean",
        learning_rate=5e-4,
        num_train_epochs=10.0,
        tensorboard=config.tensorboard,
    )
    folder = RunFolder(teacher_config)
    if not Predictor.is_saved_in(folder.path):
        if not may_train:
            raise DistillError(
                f"the teacher of task {name} should be in {folder.path}, but is not; "
                "train a student in another output_dir beside it to have it again."
            )
        start = _untrained(data, teacher_config)
        with folder.hold(waits=True):
            # Another process may have trained it meanwhile.
            if not Predictor.is_saved_in(folder.path):
                logging.info("Training a small teacher for %s first.", name)
                train = data.examples("teacher_train")
                train_classifier(teacher_config, start, train, folder, data)
    return teacher_config.output_dir


def _layout(config: DistillConfig) -> str:
    if config.input_layout is not None:
        return config.input_layout
    return "bipartite" if config.model_type in TOWER_TYPES else "bert"


def _untrained(data: TaskData, config: FineTuneConfig) -> Predictor:
    vocabulary = Vocabulary(sample_vocabulary())
    keras.utils.set_random_seed(config.seed)
    model = BertClassifier(
        BertConfig(
            vocab_size=len(vocabulary.tokens),
            hidden_size=128,
            num_hidden_layers=4,
            num_attention_heads=4,
            intermediate_size=512,
            max_position_embeddings=config.max_seq_length,
        ),
        data.labels.num_outputs,
        pooling_strategy=config.pooling_strategy,
    )
    settings = TextLayout.of(config).settings(
        config.max_seq_length, do_lower_case=True, is_pair=data.labels.is_pair
    )
    return Predictor(model, build_encoder(vocabulary, settings), data.labels)
