"""Whatever call fails, whenever the process dies: nothing said is lost, and the next call works.

A sample of all moments; FAULTS_ALL=1 takes every one (make faults). The toy's path is in TOY, the
injector's in INJECTOR.
"""

import json
import os
import random
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from faults import FAULTS, INJECTOR, KILLED, calls_of, check_database, check_sound, copies, leftovers, struck
from toys import call, events_of, study  # noqa: F401  # study is a fixture

pytestmark = pytest.mark.skipif(not INJECTOR, reason="the injector is not built")

SAMPLE = 7  # moments of each command and fault


def moments(count, fault, name):
    """Which calls are struck."""
    every = range(1, count + 1)
    if os.environ.get("FAULTS_ALL"):
        return every
    return sorted(random.Random(f"{name} {fault}").sample(every, min(SAMPLE, count)))


def sweep(make, command, name, check):
    """Strikes `command` with every fault; `check` is given the folder and what came of it."""
    count = len(calls_of(make, command))
    for fault in FAULTS:
        for at in moments(count, fault, name):
            with tempfile.TemporaryDirectory() as parent:
                folder = make(Path(parent))
                done = struck(folder, command(folder), fault, at)
                where = f"{name}: {fault} at call {at} of {count}: {done.returncode} {done.stderr}"
                if fault == "kill":
                    # Threads that commit together make a run's calls a few more or less.
                    missed = done.returncode == 0 and at > 0.8 * count
                    assert done.returncode == KILLED or missed, where
                elif fault == "short":
                    assert done.returncode == 0, where
                else:
                    assert done.returncode in {0, 4}, where
                    assert done.returncode == 0 or str(folder) in done.stderr, where
                try:
                    check(folder, done)
                except AssertionError as e:
                    raise AssertionError(where) from e


def journal_of(folder):
    """The events, also if there is no study yet."""
    if (folder / "study.db").exists():
        check_database(folder)
    elif not (folder / ".former/study.db").exists():
        assert call("events", folder).returncode == 4
        return []
    return events_of(folder)


def trials(events, kind):
    return [e["trial"] for e in events if e["kind"] == kind]


@pytest.fixture
def asking(study, tmp_path):  # noqa: F811
    """A study of two trials, and what its folder is like at each stage."""
    path = study(num_samples=2, trainable={"name": "toy"}, max_failures=1)
    folder = tmp_path / "stage"

    class Stages:
        file = path
        none = None

    def keep(name):
        kept = tmp_path / name
        kept.mkdir()
        for part in folder.iterdir():
            (kept / part.name).write_bytes(part.read_bytes())
        setattr(Stages, name, kept)

    call("ask", path, "--dir", folder)
    keep("one_open")
    call("ask", path, "--dir", folder)
    call("tell", folder, "00000", "0.5")
    keep("last_open")
    return Stages


def ask(path):
    return lambda folder: ["ask", path, "--dir", folder]


def test_a_new_folder_is_durable_with_its_parents(study, tmp_path):  # noqa: F811
    log = tmp_path / "log"
    folder = tmp_path / "a/b/out"
    assert struck(tmp_path, run(study(num_samples=1))(folder), log=log).returncode == 0
    calls = log.read_text().splitlines()
    made = [c.removeprefix("mkdir ") for c in calls if c.startswith("mkdir ")]
    assert [os.path.relpath(m, tmp_path) for m in made[:3]] == ["a", "a/b", "a/b/out"]
    lasting = [*made[:3], str(folder / "trials"), str(folder / "trials/00000")]
    for path in lasting:
        after = calls[calls.index(f"mkdir {path}") :]
        assert f"fsync {os.path.dirname(path)}" in after, path


@pytest.mark.parametrize("stage", ["none", "one_open"])
def test_ask_takes_a_trial_or_does_not(asking, stage):
    before = trials(events_of(asking.one_open), "trial_started") if stage == "one_open" else []

    def check(folder, done):
        started = trials(journal_of(folder), "trial_started")
        assert started[: len(before)] == before
        if done.returncode != KILLED:
            assert (done.stdout == "") == (done.returncode != 0)
        if done.stdout:  # what is shown has been taken, even by who was killed right after
            assert started[len(before) :] == [json.loads(done.stdout)["id"]]
        if stage == "none" and done.returncode == 4 and "No space left" in done.stderr:
            assert not folder.exists()
        following = call("ask", asking.file, "--dir", folder)
        assert following.returncode == (0 if len(started) < 2 else 10), following.stderr
        assert leftovers(folder) == []
        told = call("tell", folder, "00000", "1.5")
        assert told.returncode == 0, told.stderr

    sweep(copies(getattr(asking, stage)), ask(asking.file), f"ask {stage}", check)


TELLS = {
    "a report": (["00001", "0.25", "--step", "1"], "trial_reported"),
    "the last": (["00001", "0.25"], "trial_reported"),
    "a failure": (["00001", "--fail", "why"], "trial_failed"),
}


@pytest.mark.parametrize("what", TELLS)
def test_tell_is_told_once_or_not(asking, what):
    words, kind = TELLS[what]

    def check(folder, done):
        told = trials(journal_of(folder), kind).count("00001")
        assert told == 1 if done.returncode == 0 else told in {0, 1}
        if told == 0:
            assert call("tell", folder, *words).returncode == 0
        following = call("ask", asking.file, "--dir", folder)
        assert following.returncode == {"a report": 10, "the last": 11, "a failure": 0}[what]
        assert leftovers(folder) == []
        if what == "the last":
            summary = json.loads((folder / "summary.json").read_text())
            assert [t["state"] for t in summary["trials"]] == ["completed"] * 2
        assert trials(events_of(folder), kind).count("00001") == 1

    sweep(copies(asking.last_open), lambda folder: ["tell", folder, *words], f"tell {what}", check)


LEASES = {
    "taken over": (["ask", "FILE", "--dir", "DIR", "--lease", "3600"], "trial_started", 2),
    "renewed": (["renew", "DIR", "0", "--token", "TOKEN"], "trial_leased", 2),
    "given back": (["drop", "DIR", "0"], "trial_failed", 1),
}


@pytest.mark.parametrize("what", LEASES)
def test_a_lease_changes_hands_or_does_not(study, tmp_path, what):  # noqa: F811
    words, kind, count = LEASES[what]
    path, leased = study(num_samples=1, max_failures=1), tmp_path / "leased"
    lease = "0.001" if what == "taken over" else "3600"
    token = json.loads(call("ask", path, "--dir", leased, "--lease", lease).stdout)["token"]

    def command(folder):
        means = {"FILE": path, "DIR": folder, "TOKEN": token}
        return [means.get(word, word) for word in words]

    def check(folder, done):
        events = journal_of(folder)
        happened = len(trials(events, kind)) == count
        assert happened if done.returncode == 0 else len(trials(events, kind)) in {count - 1, count}
        kinds = [e["kind"] for e in events]
        assert all(kinds[at + 1] == "trial_leased" for at, k in enumerate(kinds) if k == "trial_started")
        holds = {"taken over": not happened, "renewed": True, "given back": not happened}[what]
        told = call("tell", folder, "0", "0.5", "--token", token)
        assert told.returncode == (0 if holds else 12), told.stderr
        if done.stdout:
            printed = json.loads(done.stdout)["token"]
            assert call("tell", folder, "0", "0.5", "--token", printed).returncode == 0
        assert leftovers(folder) == []

    sweep(copies(leased), command, f"lease {what}", check)


def run(path, *more):
    return lambda folder: ["run", path, "--out", folder, "--cpus", 1, *more]


def check_checkpoints(folder, events):
    """Whoever has had a checkpoint on the disk has one there that is at least as new, and whole."""
    saved = {e["trial"]: e["checkpoint"] for e in events if e["kind"] == "checkpoint_saved"}
    for trial, last in saved.items():
        newest = max((folder / "trials" / trial).glob("checkpoint_*"))
        assert int(newest.name[-6:]) >= last
        assert (newest / "state.txt").read_text() == str(int(newest.name[-6:]) + 1)


def test_a_run_ends_in_order_or_can_be_begun_again(study):  # noqa: F811
    path = study(num_samples=2)

    def check(folder, done):
        events = journal_of(folder)
        if done.returncode == 0:
            assert trials(events, "trial_ended") == ["00000", "00001"]
        check_checkpoints(folder, events)
        again = call(*run(path, "--overwrite")(folder))
        assert again.returncode == 0, again.stderr
        assert leftovers(folder) == []
        assert trials(events_of(folder), "trial_ended") == ["00000", "00001"]

    sweep(copies(None), run(path), "run", check)


def test_a_run_replaces_a_former_study_whole_or_not_at_all(study, tmp_path):  # noqa: F811
    old, new = study(num_samples=3), tmp_path / "new.json"
    former = tmp_path / "former"
    assert call(*run(old)(former)).returncode == 0
    new.write_text(json.dumps(json.loads(Path(old).read_text()) | {"name": "new", "num_samples": 1}))

    def names(folder):
        return [e["name"] for e in journal_of(folder) if e["kind"] == "study_started"]

    def check(folder, done):
        found = names(folder)
        if done.returncode == 0:
            assert found == ["new"]
        # Whoever takes the folder next finds one of the two, whole.
        refused = call(*run(old)(folder))
        assert refused.returncode == 4
        assert "is not empty" in refused.stderr
        assert not (folder / ".former").exists()
        if json.loads((folder / "study.json").read_text())["name"] == "toys":
            assert found in ([], ["toys"])
            assert events_of(folder) == events_of(former)
            assert (folder / "summary.json").read_text() == (former / "summary.json").read_text()
            assert len(list(folder.glob("trials/*/checkpoint_*/state.txt"))) == 3
        else:
            assert names(folder) == found
            assert found in ([], ["new"])
        again = call(*run(new, "--overwrite")(folder))
        assert again.returncode == 0, again.stderr
        assert names(folder) == ["new"]
        assert leftovers(folder) == []

    sweep(copies(former), run(new, "--overwrite"), "run --overwrite", check)


@pytest.fixture(scope="module")
def long_study(tmp_path_factory):
    """A study file, and the folder of its study: the next call saves what its events have come to."""
    parent = tmp_path_factory.mktemp("long")
    path = parent / "study.json"
    path.write_text(json.dumps({"metric": "loss", "space": {"x": {"uniform": [0, 1]}}, "num_samples": 400,
                                "scheduler": {"name": "asha", "max_t": 3}, "durability": "off"}))
    folder = parent / "results"
    for number in range(260):
        assert call("ask", path, "--dir", folder).returncode == 0
        assert call("tell", folder, str(number), str(number % 7)).returncode == 0
    forget_what_is_saved(folder)
    return path, folder


def forget_what_is_saved(folder):
    with closing(sqlite3.connect(folder / "study.db")) as database, database:
        assert database.execute("DELETE FROM saved_replay").rowcount == 1


@pytest.mark.parametrize("what", ["ask", "tell"])
def test_what_events_have_come_to_is_saved_or_not(long_study, what):
    path, folder = long_study
    assert len(events_of(folder)) >= 1000
    words = ["ask", path, "--dir"]
    if what == "tell":
        assert call("ask", path, "--dir", folder).returncode == 0
        forget_what_is_saved(folder)
        words = ["tell"]
    rest = [] if what == "ask" else [events_of(folder)[-1]["trial"], "0.5"]

    def check(struck_folder, done):
        journal_of(struck_folder)
        assert call("ask", path, "--dir", struck_folder).returncode == 0
        check_sound(struck_folder)

    sweep(copies(folder), lambda f: [*words, f, *rest], f"saved {what}", check)
