"""BERT-of-Theseus: replace the teacher's modules, then fine-tune what replaced them."""

from distill_tf.config import DistillConfig
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.methods.two_stages import two_stages
from distill_tf.objectives import LabelObjective


def theseus(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """The labels alone, in two stages; the teacher's layers are the third party.

    Xu et al. (arXiv:2002.02925). What runs in a step is the business of
    `TheseusClassifier`.

    1. replacing: layers of the student in the places of the teacher's modules, at
       random.
    2. successor: the student alone.

    Both have linear warm-up and decay of the learning rate, and keep the weights with
    which the student alone is best on the dev set. JetRunner/BERT-of-Theseus has one
    schedule over both; Oneflow-Inc/Oneflow-Model-Compression has two runs, as here.
    """
    labels = LabelObjective(name="label_loss", regression=sizes.regression)
    return two_stages(
        config,
        lambda: Stage(
            name="replacing",
            objectives=(labels,),
            epochs=config.intermediate_epochs,
            learning_rate=config.intermediate_learning_rate,
        ),
        lambda: Stage(
            name="successor",
            objectives=(labels,),
            epochs=config.num_train_epochs,
            learning_rate=config.learning_rate,
            finished_alone=True,
        ),
    )
