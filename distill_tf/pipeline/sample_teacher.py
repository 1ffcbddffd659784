"""A small teacher for the sample tasks, trained on the spot and kept."""

from pathlib import Path

import keras
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.fine_tune import train_classifier
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.predictor import Predictor
from distill_tf.tasks import sample_vocabulary
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary


def sample_teacher(config: DistillConfig, data: TaskData) -> str:
    """The folder of the teacher, beside the run's; trained first if it is not there.

    It learns from `teacher_train`, thousands of labelled sentences that the student
    never sees the labels of: what pre-training and a large labelled set are to a
    real teacher. Its settings do not depend on the run's, so that all runs share it.
    """
    name = data.task.name
    teacher_config = FineTuneConfig(
        task_name=name,
        output_dir=str(Path(config.output_dir).parent / f"{name}_teacher"),
        learning_rate=5e-4,
        num_train_epochs=10.0,
        tensorboard=config.tensorboard,
    )
    folder = RunFolder(teacher_config)
    if not Predictor.is_saved_in(folder.path):
        logging.info("Training a small teacher for %s first.", name)
        train = data.examples("teacher_train")
        start = _untrained(data, teacher_config.max_seq_length, teacher_config.seed)
        train_classifier(teacher_config, start, train, folder, data)
    return teacher_config.output_dir


def _untrained(data: TaskData, max_seq_length: int, seed: int) -> Predictor:
    vocabulary = Vocabulary(sample_vocabulary())
    keras.utils.set_random_seed(seed)
    model = BertClassifier(
        BertConfig(
            vocab_size=len(vocabulary.tokens),
            hidden_size=128,
            num_hidden_layers=4,
            num_attention_heads=4,
            intermediate_size=512,
            max_position_embeddings=max_seq_length,
        ),
        data.labels.num_outputs,
    )
    settings = TextSettings(do_lower_case=True, max_seq_length=max_seq_length)
    return Predictor(
        model, TextEncoder.from_settings(vocabulary, settings), data.labels
    )
