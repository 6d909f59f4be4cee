"""Studies: trials taken up once, given back, pruned, kept in a file, and never judged by the test split."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import numpy as np
import pytest

from cli.output import followed
from nn_core.data import Split
from nn_core.errors import DataError, SettingsError
from nn_core.search import storage as storages
from nn_core.search import study as studies
from nn_core.search.description import Search
from nn_core.search.run import run_search, search_data
from nn_core.search.space import parse_space
from nn_core.search.study import Study, kept_search
from nn_core.search.trials import DIVERGED, DONE, PRUNED, TrialBegun, TrialEnded, TrialEpoch, best_of
from nn_core.settings import TrainSettings
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write
from tests.nn_core.small_runs import dataset

pytest.importorskip("optuna")

BASE = TrainSettings(preset="flatten -> linear 10", dataset="random", batch_size=32, epochs=2)
SPACE = "lr=1e-3..1 log, batch=16|32"


def search(sampler="random", space=SPACE, **more):
    return Search(BASE, parse_space(space), sampler, hold_out=20, **more)


def run(study, trials):
    return list(run_search(study, trials, dataset(), threads=1))


def ended(events):
    return [event.trial for event in events if isinstance(event, TrialEnded)]


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_a_seed_gives_the_same_trials_and_another_one_others(sampler):
    first, again = run(Study(search(sampler)), 12), run(Study(search(sampler)), 12)
    values = [trial.values for trial in ended(first)]
    assert [trial.values for trial in ended(again)] == values
    assert [trial.number for trial in ended(first)] == list(range(12))
    assert len({value["learning_rate"] for value in values}) == 12
    other = Study(replace(search(sampler), base=replace(BASE, seed=1)))
    assert [trial.values for trial in ended(run(other, 12))] != values


def test_events_come_in_their_order():
    events = run(Study(search(prune=False)), 1)
    told = [event for event in events if isinstance(event, TrialBegun | TrialEpoch | TrialEnded)]
    assert [type(event) for event in told] == [TrialBegun, TrialEpoch, TrialEpoch, TrialEnded]
    last = told[-1].trial
    assert (last.state, last.epochs) == (DONE, 2)
    assert last.accuracy == told[-2].trial.accuracy
    assert events[-1].trials == (last,)


def test_a_grid_tries_every_point_once_in_two_sittings_and_then_has_no_more(tmp_path):
    path = tmp_path / "s.journal"
    wanted = search("grid")
    first = ended(run(Study(wanted, path), 4))
    rest = ended(run(Study(wanted, path), 100))
    assert (len(first), len(rest)) == (4, 6)
    found = [tuple(trial.values.items()) for trial in first + rest]
    assert sorted(found) == sorted(tuple(point.items()) for point in wanted.grid())
    assert run(Study(wanted, path), 100)[0].trials == Study(wanted, path).trials()
    assert kept_search(path) == wanted


def test_a_trial_that_was_cut_short_is_tried_again_with_its_values(tmp_path):
    study = Study(search(), tmp_path / "s.journal")
    events = run_search(study, 2, dataset(), threads=1)
    begun = next(event for event in events if isinstance(event, TrialBegun)).trial
    events.close()
    assert study.trials() == ()
    found = ended(run(Study(search(), tmp_path / "s.journal"), 2))
    assert [trial.values for trial in found][0] == begun.values
    assert len(found) == 2


def test_the_values_of_a_dead_process_are_taken_up_and_its_late_words_ignored(tmp_path, monkeypatch):
    path = tmp_path / "s.journal"
    dead = Study(search("grid"), path).claim(10)
    other = Study(search("grid"), path)
    assert dead.values not in [trial.values for trial in ended(run(other, 10))]
    monkeypatch.setattr(studies, "SILENCE", -1.0)
    again = other.claim(10)
    assert again.values == dead.values
    assert again.number != dead.number
    for late in (lambda: dead.report(1, 0.9), lambda: dead.end(DONE, 0.9, 1.0)):
        with pytest.raises(studies.LostClaim):
            late()
    assert dead.number not in [trial.number for trial in other.trials()]


def test_a_line_that_a_dead_process_left_half_written_spoils_no_other(tmp_path):
    path = tmp_path / "s.journal"
    run(Study(search(), path), 2)
    going = Study(search(), path)
    whole = path.read_bytes()
    for study in (lambda: going, lambda: Study(search(), path)):  # one that is at work, and one that is opened later
        path.write_bytes(path.read_bytes() + b'{"op_code":8,"trial_id":7')
        assert len(ended(run(study(), len(going.trials()) + 1))) == 1
    assert path.read_bytes().startswith(whole)
    assert [trial.number for trial in Study(search(), path).trials()] == [0, 1, 2, 3]


def test_a_lock_that_is_waited_for_is_spoken_of(tmp_path, monkeypatch):
    path, stale = tmp_path / "s.journal", tmp_path / "s.journal.lock"
    monkeypatch.setattr(storages, "PATIENCE", 0.01)
    told = []

    class Told(logging.Handler):
        def emit(self, record):
            told.append(record.getMessage())
            stale.unlink(missing_ok=True)

    handler = Told()
    logging.getLogger(storages.__name__).addHandler(handler)
    stale.touch()
    try:
        Study(search(), path)
    finally:
        logging.getLogger(storages.__name__).removeHandler(handler)
    assert f"waiting for the lock of {path}" in told[0]


def test_two_studies_of_one_file_share_their_trials(tmp_path):
    one, two = (Study(search(), tmp_path / "s.journal") for _ in range(2))
    claims = [study.claim(3) for study in (one, two, one, two)]
    assert [claim and claim.number for claim in claims] == [0, 1, 2, None]
    assert len({claim.values["learning_rate"] for claim in claims[:3]}) == 3
    assert one.trials() == two.trials()


def test_tpe_gathers_where_it_is_good():
    study = Study(search("tpe", "lr=1e-4..1 log", prune=False))
    tried = []
    for _ in range(50):
        claim = study.claim(50)
        tried.append(abs(np.log10(claim.values["learning_rate"]) + 2))
        claim.report(1, 1 - tried[-1] / 4)
        claim.end(DONE, 1 - tried[-1] / 4, 0.0)
    assert np.mean(tried[-20:]) < 0.6 * np.mean(tried[:10])
    assert best_of(study.trials()).accuracy > 0.97


def test_what_is_worse_than_the_median_is_pruned_and_what_diverges_counts_as_nothing():
    study = Study(search(space="lr=0.01..0.1 log"))
    for accuracy in (0.5, 0.6, 0.7, 0.8):
        claim = study.claim(10)
        assert not claim.report(1, accuracy)
        claim.end(DONE, accuracy, 1.5)
    bad = study.claim(10)
    assert bad.report(1, 0.4)
    bad.end(PRUNED, 0.4, 1.0)
    lost = study.claim(10)
    lost.end(DIVERGED, 0.0, 1.0)
    trials = study.trials()
    assert [trial.state for trial in trials] == [DONE] * 4 + [PRUNED, DIVERGED]
    assert (trials[4].accuracy, trials[4].epochs, trials[0].seconds) == (0.4, 1, 1.5)
    assert best_of(trials).number == 3


def test_a_run_that_diverges_ends_its_trial_alone():
    study = Study(Search(replace(BASE, loss="mse", optimizer="sgd"), parse_space("lr=0.1|1000"), "grid", hold_out=20))
    with np.errstate(all="ignore"):
        found = ended(run(study, 2))
    assert {trial.values["learning_rate"]: trial.state for trial in found} == {0.1: DONE, 1000.0: DIVERGED}


def test_the_test_split_decides_nothing(tmp_path):
    found = []
    for poisoned in (False, True):
        split = dataset().train
        test = Split(255 - split.images, 9 - split.labels) if poisoned else split
        parts = (split.images, split.labels, test.images, test.labels)
        for name, values in zip(MNIST_NAMES, parts, strict=True):
            write(tmp_path / str(poisoned) / "random" / name, idx_bytes(values))
        data = followed(search_data(search(), tmp_path / str(poisoned)))
        assert len(data.train) == 76
        assert np.array_equal(data.test.images, split.images[-20:])
        events = list(run_search(Study(search()), 2, data, 1))
        found.append([(trial.values, trial.accuracy) for trial in ended(events)])
    assert found[0] == found[1]


# Files that are none, and studies of something else.


def test_a_study_of_something_else_is_not_joined(tmp_path):
    Study(search(), tmp_path / "s.journal")
    with pytest.raises(SettingsError, match="searches with other settings"):
        Study(replace(search(), hold_out=21), tmp_path / "s.journal")
    Study(replace(search(), hold_out=21), tmp_path / "s.journal", "another")
    assert kept_search(tmp_path / "s.journal", "third") is None
    assert kept_search(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    "content",
    [b"hello", b"hello\n", b"\x80\x04pickle.\n", b"[]\n", b'{"op_code": "x"}\n', b"[" * 100_000 + b"\n"],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "s.journal"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"no (entry|journal) of Optuna's"):
        Study(search(), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "line",
    [
        '{"op_code": 99}',
        '{"op_code": 0}',
        '{"op_code": 0, "study_name": "search", "directions": ["x"], "worker_id": "w"}',
        '{"op_code": 5, "study_id": 7, "worker_id": "w"}',
        '{"op_code": 2, "study_id": 0, "user_attr": {"digitscope": {"space": 1}}, "worker_id": "w"}',
    ],
)
def test_a_damaged_journal_is_told_in_a_sentence(tmp_path, line):
    path = tmp_path / "s.journal"
    begin = {"op_code": 0, "study_name": "search", "directions": [2], "worker_id": "w"}
    path.write_text(json.dumps(begin) + "\n" + line + "\n", "utf-8")
    with pytest.raises((DataError, SettingsError)) as why:
        Study(search(), path)
    assert "\n" not in str(why.value)


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """The lines of a journal of two trials."""
    path = tmp_path_factory.mktemp("study") / "s.journal"
    run(Study(search(), path), 2)
    return path.read_text("utf-8").splitlines()


NO_NUMBERS = ["0.9", [0.9], {}, [], "", True, float("inf"), float("nan"), -0.1, 10**400]


def numbers_of_trials(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return [trial.number for trial in Study(search(), path).trials()]


@pytest.mark.parametrize("value", [*NO_NUMBERS, 1.1], ids=lambda value: repr(value)[:9])
def test_a_trial_with_an_accuracy_that_is_none_is_passed_over(tmp_path, journal, value):
    lines = [json.loads(line) for line in journal]
    for line in lines:
        if line.get("trial_id") == 1 and "intermediate_value" in line:
            line["intermediate_value"] = value
    assert numbers_of_trials(tmp_path / "s.journal", lines) == [0]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: repr(value)[:9])
def test_a_trial_that_took_no_time_that_can_be_is_passed_over(tmp_path, journal, value):
    lines = [json.loads(line) for line in journal]
    for line in lines:
        if line.get("trial_id") == 1 and "seconds" in line.get("user_attr", {}):
            line["user_attr"] = {"seconds": value}
    assert numbers_of_trials(tmp_path / "s.journal", lines) == [0]


def test_folders_giants_and_strange_addresses_are_refused(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="is no file"):
        Study(search(), tmp_path)
    with pytest.raises(DataError, match="make it first"):
        Study(search(), tmp_path / "no" / "s.journal")
    with pytest.raises(SettingsError, match="redis"):
        Study(search(), "redis://somewhere")
    (tmp_path / "s.journal").write_bytes(b"x" * 100)
    monkeypatch.setattr(storages, "MOST_BYTES", 99)
    with pytest.raises(DataError, match="at most 99"):
        Study(search(), tmp_path / "s.journal")


def test_without_optuna_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    with pytest.raises(SettingsError, match="pip install optuna"):
        Study(search())
