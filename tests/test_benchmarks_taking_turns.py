"""Contestants take turns, and those that cannot start are left out."""

import pytest
from taking_turns import Contestant
from taking_turns import ContestantError
from taking_turns import compare

BROKEN = ("fake_contestants", "broken")


def counting(*cases):
    return Contestant("fake_contestants", "counting", {"cases": cases})


@pytest.mark.parametrize("in_process", [True, False])
def test_rounds_and_cases_in_turn(tmp_path, in_process):
    log = tmp_path / "log"
    contestants = {"one": counting("a"), "other": counting("b", "c")}
    outcome = compare(contestants, str(log), 0.0, 3, in_process)
    assert {
        case: {name: len(values) for name, values in each.items()}
        for case, each in outcome.seconds.items()
    } == {"a": {"one": 3}, "b": {"other": 3}, "c": {"other": 3}}
    warm_up = ["a:1"] * 2 + ["b:1"] * 2 + ["c:1"] * 2
    assert log.read_text().split() == warm_up + ["a:1", "b:1", "c:1"] * 3
    assert min(outcome.peak_megabytes.values()) > 1
    assert not outcome.left_out


def test_a_round_lasts_about_as_long_as_asked(tmp_path):
    log = tmp_path / "log"
    compare({"one": counting("a")}, str(log), 0.1, 1, in_process=True)
    *_, last = log.read_text().split()
    assert int(last.split(":")[1]) > 10


@pytest.mark.parametrize("in_process", [True, False])
def test_passes_are_timed_one_by_one(tmp_path, in_process):
    log = tmp_path / "log"
    contestants = {"one": counting("a"), "other": counting("a")}
    outcome = compare(contestants, str(log), 9.0, 2, in_process, one_by_one=3)
    assert [len(values) for values in outcome.seconds["a"].values()] == [6, 6]
    assert log.read_text().split() == ["a:1"] * (2 * 2 + 2 * 2 * 3)


def test_peers_that_cannot_start_are_left_out(tmp_path):
    contestants = {
        "absent": Contestant(*BROKEN, needs=("no_such_module",)),
        "broken": Contestant(*BROKEN, needs=("json",)),
        "one": counting("a"),
    }
    outcome = compare(contestants, str(tmp_path / "log"), 0.0, 1)
    assert outcome.left_out == {
        "absent": "no_such_module is not installed",
        "broken": "RuntimeError: no such processor",
    }
    assert list(outcome.seconds["a"]) == ["one"]


def test_a_peer_that_fails_in_a_round_is_left_out(tmp_path):
    failing = ("fake_contestants", "failing", {"passes": 3})
    contestants = {"one": counting("a"), "peer": Contestant(*failing, needs=("json",))}
    outcome = compare(contestants, str(tmp_path / "log"), 0.0, 3)
    assert outcome.left_out == {"peer": "MemoryError: the fourth pass"}
    assert {case: list(of) for case, of in outcome.seconds.items()} == {"a": ["one"]}
    assert len(outcome.seconds["a"]["one"]) == 3
    with pytest.raises(ContestantError, match="the fourth pass"):
        compare({"ours": Contestant(*failing)}, str(tmp_path / "log"), 0.0, 3)


def test_our_own_failure_is_an_error(tmp_path):
    with pytest.raises(ContestantError, match="no such processor"):
        compare({"ours": Contestant(*BROKEN)}, str(tmp_path), 0.0, 1)
