"""What is read cannot hurt: damaged, huge and odd input ends in a message (program in TOY)."""

import gzip
import json
import os
import sqlite3
import subprocess

import pytest

TOY = os.environ["TOY"]


def call(*arguments, stdin=None, environment=None):
    return subprocess.run(
        [TOY, *map(os.fspath, map(str, arguments))],
        capture_output=True,
        timeout=120,
        input=stdin,
        check=False,
        env=environment,
    )


def said(done):
    return done.stderr.decode()


@pytest.fixture
def study(tmp_path):
    """Writes a study without a trainable; keyword arguments replace its keys."""

    def write(**changes):
        content = {"space": {"x": {"uniform": [0, 1]}}, "metric": "loss", "num_samples": 20} | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return path

    return write


@pytest.fixture
def asked(study, tmp_path):
    """A study with a trial that runs."""
    folder = tmp_path / "out"
    assert call("ask", study(), "--dir", folder).returncode == 0
    return folder


DAMAGE = [
    "UPDATE events SET trial = 4294967295 WHERE seq = 2",
    "UPDATE events SET trial = 400000000 WHERE seq = 3",
    "UPDATE events SET data = json_set(data, '$[1]', 2147483647) WHERE seq = 3",  # from_iteration
    "UPDATE events SET kind = (SELECT code FROM kinds WHERE name = 'trial_ended'), data = '[\"running\"]' WHERE seq = 3",
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_journal_is_named_with_its_event(study, asked, damage):
    with sqlite3.connect(asked / "study.db") as database:
        database.execute(damage)
    database.close()
    ways = [
        ("events", asked),
        ("ask", study(), "--dir", asked),
        ("tell", asked, "00000", "1"),
        ("simulate", study(), "--workers", "1", "--journal", asked),
    ]
    for way in ways:
        done = call(*way)
        assert done.returncode == 4, (way, said(done))
        assert f"{asked}/study.db: event " in said(done)


def test_a_step_has_a_limit_and_the_last_value_goes_on_from_it(asked):
    assert call("tell", asked, "00000", "0.5", "--step", "2147483647").returncode == 2
    assert call("tell", asked, "00000", "0.5", "--step", "1000000000").returncode == 0
    assert call("tell", asked, "00000", "0.4").returncode == 0
    reports = [json.loads(line) for line in call("events", asked).stdout.splitlines()]
    assert all(e["iteration"] > 0 for e in reports if e["kind"] == "trial_reported")


@pytest.mark.parametrize("seconds", [1e10, 1e300])
def test_a_time_budget_beyond_all_clocks_is_refused(study, seconds):
    done = call("preview", study(time_budget_s=seconds))
    assert done.returncode == 2
    assert "time_budget_s: must be at most 1000000000; found" in said(done)


def test_the_longest_time_budget_does_not_end_a_study(study):
    path = study(time_budget_s=1e9, trainable={"name": "toy"}, num_samples=2)
    done = call("simulate", path, "--workers", "2", "--curve", "power", "--json")
    assert done.returncode == 0, said(done)
    assert json.loads(done.stdout)["iterations"] > 0


UNWANTED = [b"\x1b", b"\x07", b"\x9b", "\u009b".encode(), "\u202e".encode(), b"\r", b"\x7f"]
NASTY = "a\x1b]0;t\x07\u009b2J\u202eb\r\x7f"


def is_calm(done):
    return not any(bytes_ in done.stdout + done.stderr for bytes_ in UNWANTED)


def test_nothing_that_is_read_reaches_the_terminal_raw(study, tmp_path):
    space = {NASTY: {"uniform": [0, 1]}, "k": {"choice": [NASTY]}}
    path = study(space=space, metric=NASTY, num_samples=2)
    folder = tmp_path / "out"
    calls = [
        call("preview", path),
        call("preview", path, "--json"),
        call("suggest", path, "--count", "2"),
        call("simulate", path, "--workers", "1", "--curve", "power"),
        call("ask", path, "--dir", folder, "--client", NASTY),
        call("tell", folder, "00000", "--fail", NASTY),
        call("events", folder),
    ]
    for done in calls:
        assert done.returncode == 0, (done.args, said(done))
        assert is_calm(done), done.args
    assert json.loads(calls[2].stdout.splitlines()[0])["params"]["k"] == NASTY
    assert json.loads(calls[4].stdout)["params"]["k"] == NASTY
    reasons = [json.loads(line).get("error") for line in calls[6].stdout.splitlines()]
    assert NASTY in reasons


@pytest.mark.parametrize(
    "arguments",
    [
        ["preview", NASTY],
        ["events", NASTY],
        ["tell", "nowhere", NASTY, "1"],
        ["replay", NASTY],
        [NASTY],
        ["preview", "--set", NASTY],
    ],
)
def test_no_argument_reaches_the_terminal_raw(arguments):
    done = call(*arguments)
    assert done.returncode != 0
    assert is_calm(done), done.stderr


def test_a_fault_is_one_line_whatever_the_key_is_called(study):
    done = call("preview", study(**{NASTY + "\nstudy.json:1:1: space: all is well": 1}))
    assert done.returncode == 2
    assert is_calm(done)
    assert len(said(done).splitlines()) == 1


def trial(n, **more):
    return json.dumps({"number": n, "state": "FAIL", "params": {"x": 0.5}} | more) + "\n"


def suggest(study, history):
    return call("suggest", study, "--history", "-", stdin=history)


def test_a_line_that_fills_the_memory_ends_in_a_message(study):
    bomb = gzip.compress(trial(0).encode()) + gzip.compress(b"[" * (200 << 20), compresslevel=1)
    done = suggest(study(), bomb)
    assert done.returncode == 2
    assert said(done) == "troupe: error: stdin:2: the line is longer than 64 MB; is this a file of lines?\n"


@pytest.mark.parametrize("garbage", [b"\0" * 512, b"more", b"\x1f"])
def test_what_stands_behind_a_gzip_stream_is_told(study, garbage):
    history = gzip.compress(trial(0).encode())
    assert suggest(study(), history).returncode == 0
    assert suggest(study(), history + history).returncode == 2  # the same trial twice
    done = suggest(study(), history + garbage)
    assert done.returncode == 2
    assert "stdin:2: something else stands behind the end of what gzip compressed" in said(done)
    done = call("replay", "-", stdin=gzip.compress(b"\n") + garbage)
    assert done.returncode == 2
    assert "stdin:2: something else stands behind" in said(done)


def test_a_trial_that_stands_twice_in_a_history_is_told_with_both_lines(study):
    done = suggest(study(), (trial(3) + "\n" + trial(4) + trial(3)).encode())
    assert done.returncode == 2
    assert "stdin:4: number: trial 3 stands in line 1 already" in said(done)


def test_a_name_too_long_for_a_folder_is_refused_before_anything_runs(study):
    done = call("preview", study(name="n" * 300))
    assert done.returncode == 2
    assert "name: must do as the name of a folder: at most 200 bytes; found 300" in said(done)
