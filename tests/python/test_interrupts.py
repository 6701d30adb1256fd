"""Runs that are stopped, killed, or whose reader goes away."""

import contextlib
import json
import resource
import signal
import sqlite3
import subprocess
import time

import pytest

from toys import TOY, WELL, behaving, events_of, read_until, running, study  # noqa: F401  # study is a fixture


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_run_in_order(study, tmp_path, number, code):
    out = tmp_path / "out"
    path = study(space=behaving("wait"), num_samples=100)
    with running(path, out, stderr=subprocess.PIPE) as run:
        read_until("trial_started", run.stdout, times=2)
        run.send_signal(number)
        rest, said = run.communicate(timeout=60)
    assert run.returncode == code
    assert "once more to leave at once" in said
    assert "Number of trials:" in rest
    ended = [e["state"] for e in events_of(out) if e["kind"] == "trial_ended"]
    assert ended == ["interrupted", "interrupted"]
    summary = json.loads((out / "summary.json").read_text())
    assert {t["state"] for t in summary["trials"]} <= {"interrupted", "pending"}


def test_a_second_signal_leaves_at_once(study, tmp_path):
    out = tmp_path / "out"
    with running(study(space=behaving("hang")), out, stderr=subprocess.PIPE) as run:
        read_until("trial_started", run.stdout)
        while not events_of(out):
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        read_until("once more", run.stderr)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert f"left at once; to go on: troupe_toy resume {out}\n" in said
    assert events_of(out)[0]["kind"] == "study_started"


def test_a_trial_that_does_not_return_is_left_behind_and_the_results_are_told(study, tmp_path):
    space = WELL | {"behaviour": {"grid_search": ["well", "hang"]}}
    out = tmp_path / "out"
    with running(study(space=space, num_samples=1), out, "--json", stderr=subprocess.PIPE) as run:
        read_until("trial_ended", run.stdout)
        run.send_signal(signal.SIGINT)
        told, said = run.communicate(timeout=120)
    assert run.returncode == 130
    assert "trial 00001 did not return when told to stop; left behind" in said
    assert f"to go on: troupe_toy resume {out}" in said
    results = json.loads(told.splitlines()[-1])
    assert results["best"]["id"] == "00000"
    assert [(t["state"], t["reason_kind"]) for t in results["trials"]] == [
        ("completed", None),
        ("interrupted", "interrupted"),
    ]


def test_two_signals_at_once_are_one_wish(study, tmp_path):
    """As timeout sends them: to the process, and to its group."""
    out = tmp_path / "out"
    with running(study(space=behaving("wait"), num_samples=100), out) as run:
        read_until("trial_started", run.stdout)
        run.send_signal(signal.SIGTERM)
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=60)
    assert run.returncode == 143
    assert events_of(out)[-1]["kind"] == "study_ended"


def test_what_cannot_be_written_is_not_shown(study, tmp_path):
    out = tmp_path / "out"
    done = subprocess.run(
        [TOY, "run", study(num_samples=2000), "--out", out, "--events"],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    assert done.returncode == 4
    assert "study.db" in done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"seq"')]
    assert 100 < len(shown) < 10_000
    assert events_of(out)[: len(shown)] == shown


def has_saved(out):
    with contextlib.closing(sqlite3.connect(f"file:{out}/study.db?mode=ro", uri=True)) as journal:
        query = "SELECT 1 FROM event_log WHERE kind = 'checkpoint_saved' LIMIT 1"
        return journal.execute(query).fetchone()


def test_a_killed_run_keeps_what_was_committed(study, tmp_path):
    out = tmp_path / "out"
    # Slow enough for a checkpoint to be on the disk before the next one takes its place.
    space = WELL | {"epochs": 1_000_000, "pace_ms": 20}
    with subprocess.Popen(
        [TOY, "run", study(space=space), "--out", out], stderr=subprocess.DEVNULL
    ) as run:
        while not any(int(p.name[-6:]) >= 20 for p in out.glob("trials/*/checkpoint_*")):
            time.sleep(0.01)
        while not has_saved(out):
            time.sleep(0.01)
        run.kill()
    events = events_of(out)
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    last = {e["trial"]: e for e in events if e["kind"] == "checkpoint_saved"}
    assert last
    for trial, saved in last.items():  # what has taken its place may not have been journalled yet
        newest = max((out / "trials" / trial).glob("checkpoint_*"))
        assert int(newest.name[-6:]) >= saved["checkpoint"]
        assert (newest / "state.txt").read_text() == str(int(newest.name[-6:]) + 1)


def test_a_closed_terminal_does_not_end_a_run_that_ignores_it(study, tmp_path):
    out = tmp_path / "out"
    with running(study(num_samples=40), out, before=["nohup"]) as run:
        read_until("trial_started", run.stdout)
        run.send_signal(signal.SIGHUP)
        run.communicate(timeout=60)
    assert run.returncode == 0
    assert len(json.loads((out / "summary.json").read_text())["trials"]) == 40


def test_what_an_event_line_says_survives_a_kill(study, tmp_path):
    """--events shows an event when it is in the journal, not before."""
    out = tmp_path / "out"
    for lines in (5, 50, 211):
        with running(study(num_samples=2000), out, "--overwrite") as run:
            shown = [json.loads(run.stdout.readline()) for _ in range(lines)]
            run.kill()
            rest = run.communicate()[0].splitlines(keepends=True)
        shown += [json.loads(line) for line in rest if line.endswith("\n")]
        assert events_of(out)[: len(shown)] == shown


def test_a_reader_that_goes_away_does_not_end_the_study(study, tmp_path):
    out = tmp_path / "out"
    with running(study(num_samples=200), out) as run:
        run.stdout.readline()
        run.stdout.close()
    assert run.returncode == 141  # as its table could not be printed
    assert events_of(out)[-1]["kind"] == "study_ended"
