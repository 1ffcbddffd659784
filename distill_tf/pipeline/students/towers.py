"""Students of two towers: one encoder for each text, then a light interaction."""

from dataclasses import replace

from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.models.bert import BertEncoder
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.models.two_tower_config import TwoTowerConfig
from distill_tf.pipeline.students.layer_list import weights_of_layers
from distill_tf.pipeline.students.starting_point import as_checkpoint
from distill_tf.pipeline.students.starting_point import starting_point
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.students.word_pieces import reads_as_the_teacher
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.pipeline.text_layout import decide_lower_case
from distill_tf.tasks import Examples
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder


def tower_student(config: DistillConfig, teacher: Teacher, train: Examples) -> Student:
    """Two towers that share their weights and read the teacher's tokens.

    They start from `init_checkpoint_student`, else from the teacher's encoder: all of
    its layers, those in `layer_list`, or the first `student_num_hidden_layers`; with
    `from_scratch` that only says how they are built. The tokens stand as they do in a
    bipartite teacher.

    Raises:
        DistillError: the task has no pairs, or there is no start, or one that does not
            fit.
    """
    del train  # The vocabulary is not made of it.
    if not teacher.labels.is_pair:
        raise DistillError(
            f"model_type {config.model_type} encodes two texts, but the task has one "
            "an example; choose a task of pairs, or another model_type."
        )
    bert = reads_as_the_teacher(config, teacher)
    settings = _text_settings(config, bert and bert.encoder.settings)
    start = _start(config, max(settings.row_lengths), as_checkpoint(bert))
    model_config = _model_config(config, start)

    def new_model(precision: str) -> TwoTowerClassifier:
        model = TwoTowerClassifier(
            model_config, teacher.labels.num_outputs, dtype=precision
        )
        if not config.from_scratch:
            _load(start, model)
        return model

    if bert:
        # The same object, since the teacher's tokens are then encoded once.
        vocabulary, said = bert.encoder.vocabulary, bert.encoder.settings.do_lower_case
    else:
        vocabulary = Vocabulary(start.tokens, source=start.source)
        said = start.do_lower_case
    lower_case = decide_lower_case(config.do_lower_case, said)
    encoder = build_encoder(vocabulary, replace(settings, do_lower_case=lower_case))
    return Student(encoder, teacher.labels, new_model, config.seed)


def _text_settings(config: DistillConfig, teacher: TextSettings | None) -> TextSettings:
    """All but the casing, which may be that of what the towers start from."""
    if teacher and teacher.layout == "bipartite":
        return replace(teacher, layout="towers")
    layout = TextLayout.of(config, pads_to_max=config.strict_virt)
    layout = replace(layout, name="towers")
    return layout.settings(config.max_seq_length, do_lower_case=True, is_pair=True)


def _start(
    config: DistillConfig, max_row_length: int, teacher: BertCheckpoint | None
) -> BertCheckpoint:
    if not (config.init_checkpoint_student or config.layer_list):
        if teacher is None:
            raise DistillError(
                f"a {config.model_type} starts from a BERT, but none teaches whose "
                "pieces it reads; give init_checkpoint_student."
            )
        layers = config.student_num_hidden_layers or teacher.config.num_hidden_layers
        config = config.replace(layer_list=",".join(map(str, range(layers))))
    own_vocabulary = "" if teacher else config.vocab_file
    start = starting_point(config, max_row_length, teacher, own_vocabulary)
    if not (teacher or start.tokens):
        raise DistillError(
            f"{start.source} comes without a vocabulary; give it with vocab_file."
        )
    return start.without_head()


def _model_config(config: DistillConfig, start: BertCheckpoint) -> TwoTowerConfig:
    if config.model_type == "deformer" and start.config.num_hidden_layers < 2:
        raise DistillError(
            "a deformer needs at least 2 layers, one in the towers and one above, but "
            f"{start.source} has {start.config.num_hidden_layers}; give it more layers."
        )
    is_residual = config.use_resnet_predict
    if is_residual and config.model_type == "col":
        raise DistillError(
            "use_resnet_predict puts a layer beside a linear one, which a col does not "
            "have; leave it out."
        )
    return TwoTowerConfig(
        bert=start.config,
        interaction=config.model_type,
        pooling_strategy=config.pooling_strategy or "mean",
        residual_head=(
            config.model_type == "late_fusion" if is_residual is None else is_residual
        ),
        poly_first_m=config.poly_first_m,
        colbert_dim=config.colbert_dim,
        strict_virt=config.strict_virt,
    )


def _load(start: BertCheckpoint, model: TwoTowerClassifier) -> None:
    layers = range(start.config.num_hidden_layers)
    tower_layers = model.config.tower.num_hidden_layers
    logging.info("%s", _cut(start, layers[:tower_layers]).load_into(model.encoder))
    if model.config.interaction == "deformer":
        last = _cut(start, layers[tower_layers:])
        whole = BertEncoder(last.config)
        whole.build()
        last.load_into(whole)
        layer = whole.transformer_layers[0]
        model.interaction.joint_layer.set_weights(layer.get_weights())


def _cut(start: BertCheckpoint, layers: range) -> BertCheckpoint:
    return replace(
        start,
        config=replace(start.config, num_hidden_layers=len(layers)),
        weights=weights_of_layers(start.weights, tuple(layers)),
    )
