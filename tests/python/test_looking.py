"""The commands that look at a study and never change it: status, best, trials, show, compare, logs (program in TOY)."""

import csv
import io
import json
import os
import pathlib
import re
import signal
import subprocess

import pexpect
import pyte
import pytest

from studies import PROGRAM, environment, write_study
from toys import TOY, behaving, call, finished, read_until, running, study  # noqa: F401  # study and finished are fixtures

LOOKS = [["status"], ["best"], ["trials"], ["show", "2"], ["compare", "0", "1"]]


def look(verb, folder, *arguments):
    """Runs a command that must say something and nothing on stderr."""
    done = call(verb[0], folder, *verb[1:], *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout
    return done.stdout


def contents(folder):
    """All that could be changed in a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_format_has_what_the_run_printed(finished):
    out, printed = finished
    best = json.loads(look(["best"], out, "-f", "json"))
    assert {k: best[k] for k in ("id", "config", "metrics", "checkpoint")} == printed["best"]
    rows = json.loads(look(["trials"], out, "-f", "json", "--columns", "id,state,x,loss,wall_s,reason"))
    for row, trial in zip(rows, printed["trials"], strict=True):
        assert row == {
            "id": trial["id"],
            "state": trial["state"],
            "x": trial["config"]["x"],
            "loss": trial["metrics"].get("loss"),
            "wall_s": trial["wall_s"],
            "reason": trial["reason"] or None,
        }
    table = list(csv.DictReader(io.StringIO(look(["trials"], out, "-f", "csv"))))
    assert [float(row["x"]) for row in table] == [t["config"]["x"] for t in printed["trials"]]
    assert [row["state"] for row in table] == [t["state"] for t in printed["trials"]]
    values = look(["trials"], out, "-f", "value", "--columns", "id,loss")
    assert values.splitlines()[0] == f"00000\t{printed['trials'][0]['metrics']['loss']}"
    status = json.loads(look(["status"], out, "-f", "json"))
    assert (status["state"], status["trials"], status["done"]) == ("ended", 6, 6)
    assert (status["completed"], status["failed"]) == (3, 3)
    assert (status["best"], status["loss"]) == (best["id"], best["loss"])


def test_what_people_read_fits_and_names_failures(finished):
    out, _ = finished
    status = look(["status"], out)
    assert "state" in status
    assert "3 trials failed: 00001, 00003, 00005: the toy is broken; see trials/00001/error.txt" in status
    lines = look(["trials"], out).splitlines()
    assert lines[0].split()[:4] == ["id", "state", "x", "behaviour"]
    assert "pace_ms" not in lines[0]  # it is the same everywhere
    assert len(lines) == 7
    assert len(set(map(len, lines))) < len(lines)  # nothing is padded at the end
    assert "pace_ms" in look(["trials"], out, "--columns", "id,pace_ms")


def test_trials_are_chosen_sorted_and_counted(finished):
    out, printed = finished

    def ids(*arguments):
        return look(["trials"], out, "-f", "value", "--columns", "id", *arguments).split()

    assert ids("--where", "state = failed") == ["00001", "00003", "00005"]
    assert ids("--where", "x < 0.3 and behaviour = well") == ["00002", "00004"]
    by_loss = sorted((t for t in printed["trials"] if t["metrics"]), key=lambda t: t["metrics"]["loss"])
    assert ids("--sort", "loss", "-n", "3") == [t["id"] for t in by_loss]
    assert ids("--sort", "-x", "-n", "2") == ["00000", "00001"]
    assert call("trials", out, "--where", "x > 9", "-f", "json").stdout == "[]\n"


def test_show_tells_all_about_a_trial(finished):
    out, printed = finished
    told = json.loads(look(["show", "4"], out, "-f", "json"))
    trial = printed["trials"][4]
    assert {k: told[k] for k in ("id", "state", "config", "iterations", "metrics")} == {
        k: trial[k] for k in ("id", "state", "config", "iterations", "metrics")
    }
    assert [r["metrics"]["loss"] for r in told["reports"]] == [1e-05, 1e-05 / 2, 1e-05 / 3]
    assert [e["kind"] for e in told["events"]][:2] == ["trial_added", "trial_started"]
    assert told["events"][-1]["kind"] in ("trial_ended", "checkpoint_saved")
    for one in told["checkpoints"]:
        assert (out / "trials/00004").samefile(one["folder"].rsplit("/", 1)[0])
    assert told["log"] == ["epoch 1", "epoch 2", "epoch 3"]
    reports = list(csv.DictReader(io.StringIO(look(["show", "00004"], out, "-f", "csv"))))
    assert [row["iteration"] for row in reports] == ["1", "2", "3"]
    text = look(["show", "4"], out)
    for part in ("loss by iteration", "history", "attempt 1 begins", "completed", "epoch 3", "│"):
        assert part in text
    assert "attempt 1 fails: the toy is broken" in look(["show", "1"], out)


def test_compare_prints_what_differs(finished):
    out, _ = finished
    rows = {r["what"]: r for r in json.loads(look(["compare", "0", "00002"], out, "-f", "json"))}
    assert rows["x"] == {"what": "x", "00000": 0.5, "00002": 0.25}
    assert not rows.keys() & {"behaviour", "pace_ms", "state", "id"}


def test_logs_are_printed_as_they_are(finished):
    out, _ = finished
    assert look(["logs", "0"], out) == (out / "trials/00000/log.txt").read_text()
    assert "the toy is broken" in look(["logs", "1"], out)


def test_a_trial_is_called_by_its_name_too(study, tmp_path):
    out = tmp_path / "out"
    path = study(space={"x": {"grid_search": [1, 2]}}, num_samples=1, trial_name="x-{x}")
    assert call("run", path, "--out", out).returncode == 0
    assert json.loads(look(["show", "x-2"], out, "-f", "json"))["id"] == "00001"
    assert look(["best"], out, "-f", "value", "--columns", "name") == "x-1\n"


@pytest.mark.parametrize("verb", LOOKS, ids=lambda verb: verb[0])
def test_a_look_changes_nothing(finished, verb):
    out, _ = finished
    before = contents(out)
    for form in ("table", "json", "csv", "value"):
        look(verb, out, "-f", form)
    assert contents(out) == before


def test_a_study_that_runs_can_be_looked_at_and_one_that_was_killed(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=behaving("wait_once"), num_samples=2)
    with running(path, out) as run:
        read_until("trial_reported", run.stdout, times=2)
        status = json.loads(look(["status"], out, "-f", "json"))
        assert (status["state"], status["running"]) == ("running", 2)
        assert f"process {run.pid}" in status["held_by"]
        assert look(["trials"], out, "-f", "value", "--columns", "state,iterations").split() == ["running", "1"] * 2
        run.send_signal(signal.SIGKILL)
    before = contents(out)
    status = json.loads(look(["status"], out, "-f", "json"))
    assert (status["state"], status["held_by"], status["done"]) == ("not running", None, 0)
    for verb in (["best"], ["trials"], ["show", "0"], ["compare", "0", "1"]):
        look(verb, out)
    after = contents(out)
    assert {k: v for k, v in after.items() if "study.db" not in k} == {
        k: v for k, v in before.items() if "study.db" not in k
    }
    assert after["study.db"] == before["study.db"]


def test_watch_shows_another_process_s_study_until_it_ends(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=behaving("wait"), num_samples=2)
    with running(path, out) as run:
        read_until("trial_started", run.stdout, times=2)
        screen = pyte.Screen(80, 24)
        stream = pyte.ByteStream(screen)
        child = pexpect.spawn(TOY, ["status", str(out), "--watch"], dimensions=(24, 80), env=environment())
        while not any("0/2 done · 2 running" in line for line in screen.display):
            stream.feed(child.read_nonblocking(65536, timeout=60))
        run.send_signal(signal.SIGINT)
        rest = child.read()
        stream.feed(rest)
        assert child.wait() == 0
        assert any("2 interrupted" in line for line in screen.display), screen.display
        assert b"\x1b[?25h" in rest  # the cursor is back
    ended = call("status", out, "--watch")
    assert ended.returncode == 0
    assert "0/2 done" in ended.stdout
    assert "the study has ended: interrupted by Ctrl-C" in ended.stdout


def test_watch_and_follow_end_when_the_process_dies(study, tmp_path):
    out = tmp_path / "out"
    with running(study(space=behaving("wait_once"), num_samples=1), out) as run:
        read_until("trial_reported", run.stdout)
        children = [
            pexpect.spawn(TOY, list(map(str, words)), env=environment(TERM="dumb"))
            for words in (["status", out, "--watch"], ["logs", out, "0", "-f"])
        ]
        children[0].expect("0/1 done")
        children[1].expect("epoch 1")
        run.send_signal(signal.SIGKILL)
        children[0].expect("nobody runs the study now")
        for child in children:
            child.read()
            assert child.wait() == 0


def test_a_study_in_the_current_folder_or_the_only_one_is_meant(finished, tmp_path, monkeypatch):
    out, _ = finished
    assert call("best", cwd=out).stderr == "looking at .\n"
    (tmp_path / "results").mkdir()
    out.rename(tmp_path / "results/toys")
    done = call("trials", "-n", "1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "looking at results/toys\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status", "nowhere"], 4, "nowhere"),
        (["best", "nowhere"], 4, "nowhere"),
        (["trials", "OUT", "--sort", "lost"], 2, 'unknown column "lost"; did you mean "loss"?'),
        (["trials", "OUT", "--columns", "id,xx"], 2, 'unknown column "xx"'),
        (["trials", "OUT", "--where", "x <"], 2, "--where: expected a value at character 4"),
        (["trials", "OUT", "-f", "yaml"], 2, "yaml"),
        (["show", "OUT", "17"], 2, 'there is no trial "17"; there are 00000 to 00005'),
        (["show", "OUT", "-1"], 2, ""),
        (["compare", "OUT", "1"], 2, ""),
        (["logs", "OUT", "x"], 2, 'there is no trial "x"'),
    ],
)
def test_what_is_not_there_is_said(finished, words, code, said):
    out, _ = finished
    done = call(*[out if word == "OUT" else word for word in words])
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""


def test_with_several_metrics_the_front_is_best(tmp_path):
    path = tmp_path / "study.json"
    space = {"a": {"grid_search": [1, 2, 3]}, "b": {"grid_search": [1, 2]}}
    report = 'echo "TROUPE {{\\"a\\": $1, \\"b\\": $2}}"'
    command = ["sh", "-c", report, "sh", "{a}", "{b}"]
    content = {"trainable": {"command": command}, "space": space, "metric": ["a", "b"], "mode": ["min", "max"]}
    path.write_text(json.dumps(content))
    out = tmp_path / "out"
    assert call("run", path, "--out", out).returncode == 0
    assert [row["config"] for row in json.loads(look(["best"], out, "-f", "json"))] == [{"a": 1, "b": 2}]
    head, row = look(["best"], out).splitlines()
    assert head.split()[:2] == ["id", "state"]
    assert row.split()[1] == "completed"
    assert json.loads(look(["status"], out, "-f", "json"))["front"] == 1


def test_a_study_without_success_has_no_best_trial(study, tmp_path):
    out = tmp_path / "out"
    assert call("run", study(space=behaving("throw"), num_samples=1), "--out", out).returncode == 1
    for form, printed in (("table", ""), ("json", "null\n"), ("csv", ""), ("value", "")):
        done = call("best", out, "-f", form)
        assert (done.returncode, done.stdout) == (1, printed)
        assert 'no trial has succeeded with a value of "loss"' in done.stderr


def test_the_documented_examples_work(tmp_path):
    text = (pathlib.Path(__file__).parents[2] / "docs/cli.md").read_text()
    section = re.search(r"^## Looking at a study\n(.*?)^## ", text, re.S | re.M).group(1)
    examples = re.findall(r"^    \$ (troupe .*)$", section, re.M)
    assert {line.split()[1] for line in examples} == {
        "status", "best", "trials", "show", "compare", "importance", "logs"
    }
    out = tmp_path / "results/cifar10"
    path = write_study(tmp_path, name="cifar10", num_samples=8)
    subprocess.run([PROGRAM, "run", path, "--out", out], check=True, capture_output=True, timeout=300)
    env = environment(PATH=f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}")
    for line in examples:
        done = subprocess.run(line, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (line, done)
        if "logs" not in line:
            assert done.stderr == "" or "too few to rely on" in done.stderr, (line, done)
            assert done.stdout or ">" in line, (line, done)
    assert (tmp_path / "trials.csv").read_text().startswith("id,lr,loss\n00000,")
