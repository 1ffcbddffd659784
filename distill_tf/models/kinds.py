"""The classifiers that a run may leave; importing them lets Keras load them by name."""

from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.static_classifier import StaticClassifier
from distill_tf.models.two_tower import TwoTowerClassifier

CLASSIFIERS = (BertClassifier, BiLstmClassifier, StaticClassifier, TwoTowerClassifier)
