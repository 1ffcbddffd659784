"""Class rules: too few classes are refused, two are warned of."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.objectives import ClassRule

RULE = ClassRule(fewest=2, why="it needs classes", with_two="half of it is left")


@pytest.mark.parametrize(
    ("rule", "classes", "message"),
    [
        (RULE, 1, "soft_label_loss cannot teach a regression: it needs classes"),
        (ClassRule(fewest=3, why="why not"), 2, "a task of 2 classes: why not"),
    ],
)
def test_too_few_classes_are_refused(rule, classes, message):
    with pytest.raises(DistillError, match=message):
        rule.check("soft_label_loss", classes)


@pytest.mark.parametrize(("classes", "count"), [(2, 1), (3, 0)])
def test_two_classes_are_warned_of(caplog, classes, count):
    RULE.check("soft_label_loss", classes)
    said = "The objective soft_label_loss: half of it is left."
    assert caplog.messages == [said] * count


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_without_a_rule_nothing_is_said(caplog, classes):
    ClassRule().check("logit_loss", classes)
    assert not caplog.messages
