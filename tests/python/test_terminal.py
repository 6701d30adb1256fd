"""What a person sees: at a terminal, and where there is none."""

import json
import re

import pexpect
import pyte
import pytest
from wcwidth import wcswidth

from studies import PROGRAM, endless, environment, run, run_arguments, write_study

RUNNING_TRIAL = re.compile(r"^\d{5} [█░]{8} iter +\d+(/\d+)? +loss ")


class Watched:
    """A run at a terminal of `columns` x `rows`, as its screen shows it."""

    def __init__(self, study, *arguments, columns=80, rows=24, **variables):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.seen = []  # the screen after each piece of output
        self.child = pexpect.spawn(
            PROGRAM,
            run_arguments(study, *arguments),
            dimensions=(rows, columns),
            env=environment(**variables),
            timeout=300,
        )

    def read(self):
        """Takes in some output; returns False at its end."""
        try:
            piece = self.child.read_nonblocking(65536, timeout=60)
        except pexpect.EOF:
            return False
        self.bytes += piece
        self.stream.feed(piece)
        self.seen.append(list(self.screen.display))
        return True

    def read_until(self, pattern):
        """Reads until a line of the screen matches."""
        while not any(re.search(pattern, line) for line in self.screen.display):
            assert self.read(), f"the program ended before {pattern!r}: {self.bytes.decode()}"

    def resize(self, columns, rows):
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def finish(self):
        """Reads to the end; returns the exit code."""
        while self.read():
            pass
        self.child.close()
        return self.child.exitstatus

    @property
    def text(self):
        return self.bytes.decode().replace("\r\n", "\n")


def without_colours(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_terminal_shows_the_running_trials_and_in_the_end_the_results(tmp_path):
    watched = Watched(write_study(tmp_path))
    assert watched.finish() == 0
    shown = [line for screen in watched.seen for line in screen]
    assert any(re.search(r"^study synthetic  \d/6 done · \d running", line) for line in shown)
    assert any(RUNNING_TRIAL.search(line) for line in shown)
    assert any(re.search(r"^best loss [\d.]+ · trial \d{5} at iteration \d", line) for line in shown)
    assert "Number of trials: 6 (" in watched.text
    assert re.search(r"Best trial test set accuracy: [\d.]+\nmore: troupe show .*\n$", watched.text)
    assert not watched.screen.cursor.hidden


def test_the_last_frame_stands_whole_above_the_table(tmp_path):
    watched = Watched(write_study(tmp_path), columns=160, rows=60)
    assert watched.finish() == 0
    lines = [line.rstrip() for line in watched.screen.display]
    table = next(i for i, line in enumerate(lines) if line.startswith("Number of trials: 6"))
    assert lines[table - 3].startswith("study synthetic  6/6 done")
    assert re.match(r"elapsed \d+:\d\d$", lines[table - 2])
    assert lines[table - 1].startswith("best loss ")
    assert sum(line.startswith("study synthetic  ") for line in lines) == 1
    assert not any(RUNNING_TRIAL.search(line) for line in lines)


@pytest.mark.parametrize("columns", [200, 80, 41, 20])
def test_no_line_of_a_frame_is_wider_than_the_terminal(tmp_path, columns):
    watched = Watched(write_study(tmp_path), columns=columns)
    assert watched.finish() == 0
    live = re.search(r"\x1b\[\?25l(.*)\x1b\[\?25h", watched.text, re.DOTALL)[1]
    frames = without_colours(re.sub(r"\r\x1b\[2K(\x1b\[A\x1b\[2K)*", "", live))
    assert "best loss" in frames
    for line in frames.split("\n"):
        assert wcswidth(line) <= columns


def test_a_window_may_change_its_size(tmp_path):
    watched = Watched(endless(tmp_path))
    watched.read_until(RUNNING_TRIAL)
    watched.resize(40, 10)
    watched.read_until(r"^00000 iter +\d+ +loss .*…$")  # no room for a bar
    watched.child.sendintr()
    assert watched.finish() == 130
    assert not watched.screen.cursor.hidden


def test_no_color_is_honoured(tmp_path):
    watched = Watched(write_study(tmp_path), NO_COLOR="1")
    assert watched.finish() == 0
    assert re.findall(r"\x1b\[[0-9;]*m", watched.text.replace("\x1b[0m\x1b[?25h", "")) == []
    assert "\x1b[?25l" in watched.text  # the view is there


@pytest.mark.parametrize("term", ["dumb", None])
def test_a_dumb_terminal_gets_lines(tmp_path, term):
    watched = Watched(write_study(tmp_path), TERM=term)
    assert watched.finish() == 0
    assert "\x1b" not in watched.text
    assert re.search(r"^\[ 0:\d\d\] trial 0000\d (stopped|completed) at", watched.text, re.MULTILINE)


def test_ctrl_c_stops_the_trials_and_keeps_the_results(tmp_path):
    watched = Watched(endless(tmp_path))
    watched.read_until(r"^best loss [\d.]+ ")
    watched.child.sendintr()
    assert watched.finish() == 130
    assert "interrupted by Ctrl-C" in watched.text
    assert re.search(r"Number of trials: \d \(.*\d interrupted\)", watched.text)
    assert "Best trial config: {" in watched.text
    assert not watched.screen.cursor.hidden


def test_ctrl_c_twice_leaves_at_once_with_the_cursor_shown(tmp_path):
    watched = Watched(endless(tmp_path))
    watched.read_until(RUNNING_TRIAL)
    watched.child.sendintr()
    watched.child.sendintr()
    assert watched.finish() == 130
    assert not watched.screen.cursor.hidden


def test_without_a_terminal_lines_go_to_stderr_and_results_to_stdout(tmp_path):
    done = run(write_study(tmp_path))
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    ends = re.findall(r"^\[ 0:\d\d\] trial (\d{5}) (?:stopped|completed) at", done.stderr, re.M)
    assert sorted(ends) == [f"{n:05}" for n in range(6)]
    assert re.search(r"^\[ 0:\d\d\] best so far: trial \d{5}, loss [\d.]+ at", done.stderr, re.M)
    assert done.stdout.startswith("Number of trials: 6 (")
    assert [line.split(":")[0] for line in done.stdout.splitlines()[-4:]] == [
        "Best trial config",
        "Best trial final validation loss",
        "Best trial final validation accuracy",
        "Best trial test set accuracy",
    ]


def test_json_is_one_object_with_the_promised_keys(tmp_path):
    done = run(write_study(tmp_path), "--json")
    assert done.returncode == 0
    results = json.loads(done.stdout)
    assert list(results) == ["name", "trials", "best", "test", "wall_s"]
    assert [t["id"] for t in results["trials"]] == [f"{n:05}" for n in range(6)]
    for trial in results["trials"]:
        assert list(trial) == [
            "id",
            "state",
            "reason",
            "reason_kind",
            "config",
            "iterations",
            "metrics",
            "wall_s",
        ]
        assert trial["state"] in ("completed", "stopped")
    best = min(results["trials"], key=lambda t: (t["metrics"]["loss"], t["id"]))
    assert list(results["best"]) == ["id", "config", "metrics", "checkpoint"]
    assert results["best"]["id"] == best["id"]
    assert results["best"]["metrics"] == best["metrics"]
    assert list(results["test"]) == ["accuracy"]


def test_events_are_lines_of_json_as_the_journal_has_them(tmp_path):
    done = run(write_study(tmp_path), "--events", "--json")
    assert done.returncode == 0
    *events, results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "study_started"
    assert events[-1]["kind"] == "study_ended"
    assert results["name"] == "synthetic"
