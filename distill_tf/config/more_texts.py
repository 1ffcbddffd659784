"""Settings of the texts that only a teacher labels."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class MoreTextOptions(Options):
    """Which texts come beside the labelled training examples."""

    aug_train: bool = option(
        False,
        "Also learn from the task's train_aug file, which python -m "
        "distill_tf.augmentation writes; the teacher labels it.",
    )
    aug_dir: str = option(
        "", "Folder of the train_aug file; by default data_dir.", is_path=True
    )
    use_unlabelled: bool = option(
        True,
        "Also learn from the task's examples without a label, where there are any: "
        "the sample tasks, an unlabelled file of a custom task, imdb's unsup folder.",
    )
