"""From a configuration to the checkpoint that students start from."""

import json
from pathlib import Path

import numpy as np
from absl import logging

from distill_tf.config.bert_student import DEFAULT_SIZES
from distill_tf.data.batches import TrainingBatches
from distill_tf.export.google import write_google_folder
from distill_tf.files import atomic_path
from distill_tf.files import write_json_atomically
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.general_distillation.corpus import find_files
from distill_tf.general_distillation.corpus_origin import CorpusOrigin
from distill_tf.general_distillation.corpus_settings import CorpusSettings
from distill_tf.general_distillation.masked_texts import MaskedTexts
from distill_tf.general_distillation.models import all_weights
from distill_tf.general_distillation.models import build_teacher
from distill_tf.general_distillation.models import fingerprint
from distill_tf.general_distillation.models import frozen_copy
from distill_tf.general_distillation.models import general_student
from distill_tf.general_distillation.models import load_teacher
from distill_tf.general_distillation.models import projection_weights
from distill_tf.general_distillation.packing import Packer
from distill_tf.general_distillation.report import report
from distill_tf.general_distillation.stage import general_stage
from distill_tf.general_distillation.stage import refuse_unread_options
from distill_tf.general_distillation.tokenized_corpus import TokenizedCorpus
from distill_tf.methods import Sizes
from distill_tf.pipeline.classifier import build_text_encoder
from distill_tf.pipeline.output_folder import OutputFolder
from distill_tf.pipeline.start_maps import start_maps
from distill_tf.pipeline.teacher_sizes import with_sizes_of
from distill_tf.precision import resolve_precision
from distill_tf.tasks import UNLABELLED
from distill_tf.text import EncodedTexts
from distill_tf.text import TextEncoder
from distill_tf.text import encode_all
from distill_tf.threads import set_threads
from distill_tf.training.jit import policy_of_untrained
from distill_tf.training.memory import keep_freed_memory
from distill_tf.training.stages import build_distiller
from distill_tf.training.stages import run_stage

STUDENT = "student"
_REPORT = "report.json"
_CORPUS = "corpus"


def distill_general(config: GeneralConfig) -> Path:
    """Trains a student on text at large, and writes it as a Google checkpoint.

    Called again after a break, it goes on from the last saved state.

    Returns:
        The student's folder, which --init_checkpoint_student takes.

    Raises:
        DistillError: a mistake in the configuration, the corpus or a checkpoint.
    """
    refuse_unread_options(config)
    set_threads(config.num_threads, config.inter_op_threads, config.batch_parts)
    if not config.output_dir:
        config = config.replace(output_dir=f"output/general_{config.method}")
    if not config.names_a_start:
        config = config.with_defaults(DEFAULT_SIZES)
    with OutputFolder(config) as folder:
        return _distill(config, folder)


def _distill(config: GeneralConfig, folder: OutputFolder[GeneralConfig]) -> Path:
    result = folder.path / STUDENT
    if result.exists():
        logging.info("%s is finished: %s.", folder.path, result)
        return result
    files = find_files(config.corpus)
    checkpoint = load_teacher(config)
    encoder = build_text_encoder(
        checkpoint, config.max_seq_length, config.do_lower_case
    )
    precision = resolve_precision(config.precision)
    teacher = build_teacher(config, checkpoint)
    # Of the weights before they are rounded, so that any precision goes on.
    teacher_fingerprint = fingerprint(teacher)
    policy = policy_of_untrained(precision, config.jit_compile)
    teacher = frozen_copy(config, checkpoint, teacher, policy)
    new_student = general_student(config, checkpoint, precision)
    trial_student = new_student.build()
    config = with_sizes_of(config, trial_student.config)
    sizes = Sizes(
        student_layers=trial_student.config.num_hidden_layers,
        teacher_layers=teacher.config.num_hidden_layers,
        regression=False,
    )
    # Finds what does not fit before the corpus is read and anything is written.
    trial = _batches(encode_all(encoder, ["a", "b"]), encoder, config)
    stage = general_stage(config, sizes, len(trial))
    build_distiller(
        stage, trial_student, trial, teacher, batch_parts=config.batch_parts
    )

    packer = Packer(
        encoder.vocabulary,
        config.max_seq_length,
        config.pair_probability,
        config.short_seq_probability,
    )
    settings = CorpusSettings.of(files, encoder, packer, config.max_documents)
    folder.begin(
        CorpusOrigin(teacher=teacher_fingerprint, corpus=settings.files_digest)
    )
    logging.info("Settings of %s: %s", folder.path, json.dumps(config.to_dict()))
    corpus = TokenizedCorpus.prepare(
        Path(config.corpus_dir or folder.path / _CORPUS),
        files,
        encoder,
        packer,
        config.max_documents,
    )
    batches = _batches(corpus.rows, encoder, config)
    _log(corpus, batches, config)
    student = new_student.build()
    maps = start_maps(new_student.hidden_projection, teacher.config, precision)
    keep_freed_memory()
    progress = run_stage(
        general_stage(config, sizes, len(batches)),
        student,
        batches,
        None,
        folder.stage("general"),
        config,
        teacher,
        maps,
    )
    write_json_atomically(
        folder.path / _REPORT, report(config, progress, batches, corpus.counts)
    )
    weights = all_weights(student) | projection_weights(maps)
    # Last, since it is what says that the run is finished.
    with atomic_path(result) as temporary:
        write_google_folder(temporary, weights, student.config, encoder)
    logging.info("The student is ready: --init_checkpoint_student=%s", result)
    return result


def _batches(
    rows: EncodedTexts, encoder: TextEncoder, config: GeneralConfig
) -> TrainingBatches:
    if config.masked_lm_probability:
        rows = MaskedTexts.of(
            rows, encoder.vocabulary, config.masked_lm_probability, config.seed
        )
    labels = np.broadcast_to(np.int32(UNLABELLED), len(rows))
    return TrainingBatches(
        rows,
        labels,
        config.train_batch_size,
        config.seed,
        tokens_per_batch=config.tokens_per_batch,
    )


def _log(
    corpus: TokenizedCorpus, batches: TrainingBatches, config: GeneralConfig
) -> None:
    counts = corpus.counts
    logging.info(
        "Corpus: %d documents, %d lines, %d tokens in %d sequences; %d steps an epoch.",
        counts.documents,
        counts.lines,
        counts.tokens,
        counts.sequences,
        len(batches),
    )
    if config.max_hours:
        logging.info("Training ends after %g hours at the latest.", config.max_hours)
