"""Trials that are programs of any kind, and those that misbehave."""

import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import uuid

import pytest

from toys import call, events_of, read_until, running

REPORTS = """
import json, os, sys
params = json.loads(os.environ["TROUPE_PARAMS"])
for epoch in range(1, 1 + int(params.get("epochs", 3))):
    print("some words")
    print("TROUPE " + json.dumps({"loss": params["x"] / epoch}))
"""


def literal(text):
    """Returns the text as an argument in which no parameters stand."""
    return text.replace("{", "{{").replace("}", "}}")


def python(code, *arguments):
    return [sys.executable, "-c", literal(code), *arguments]


def shell(script):
    return ["sh", "-c", literal(script)]


@pytest.fixture
def study(tmp_path):
    """Writes a study whose trials are a command; keyword arguments replace its keys."""

    def write(command, trainable=None, **changes):
        content = {
            "name": "commands",
            "trainable": {"command": command} | (trainable or {}),
            "space": {"x": {"uniform": [0, 1]}},
            "metric": "loss",
            "num_samples": 3,
            "cpus": 2,
        } | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return path

    return write


@pytest.fixture
def marker():
    """A variable of the trials' environment that no other process has; all that have it must be gone at the end."""
    name = "MARK_" + uuid.uuid4().hex
    yield name
    assert wait_until_gone(name) == []


def marked(name):
    """Returns the processes that have the variable."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if name.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def wait_until_gone(name, seconds=10):
    deadline = time.monotonic() + seconds
    while marked(name) and time.monotonic() < deadline:
        time.sleep(0.02)
    return marked(name)


def command_of(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    return ""


def run(path, out, *more):
    """Runs a study to its end; returns the exit code, its results, what it said on stderr."""
    done = call("run", path, "--out", out, "--json", *more)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def only_error(out):
    """Returns why the trials failed; all for one reason."""
    errors = {e["error"] for e in events_of(out) if e["kind"] == "trial_failed"}
    assert len(errors) == 1, errors
    return errors.pop()


def log_of(out, trial=0):
    return (out / "trials" / f"{trial:05}" / "log.txt").read_bytes()


def test_a_line_that_begins_with_troupe_is_a_report(study, tmp_path):
    code, results, _ = run(study(python(REPORTS)), tmp_path / "out")
    assert code == 0
    for trial in results["trials"]:
        assert (trial["state"], trial["iterations"]) == ("completed", 3)
        assert trial["metrics"]["loss"] == trial["config"]["x"] / 3
    assert log_of(tmp_path / "out").count(b"some words\nTROUPE {") == 3


def test_patterns_read_reports_from_what_an_unchanged_program_prints(study, tmp_path):
    code = """
import sys
for epoch in (1, 2):
    print(f"epoch {epoch}: val_loss={float(sys.argv[1]) / epoch!r}", file=sys.stderr)
    print(f"acc: +{epoch}e-1 (best)")
"""
    patterns = {"loss": "val_loss=([0-9.eE+-]+)", "accuracy": r"^acc: (\S+)"}
    path = study(python(code, "{x}"), {"metrics": patterns})
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    for trial in results["trials"]:
        assert trial["iterations"] == 2
        assert trial["metrics"]["loss"] == trial["config"]["x"] / 2
        assert trial["metrics"]["accuracy"] == 0.2


def test_arguments_and_environment_say_everything_exactly(study, tmp_path):
    show = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()])); "
    space = {
        "x": {"uniform": [0, 1]},
        "n": {"choice": [7]},
        "yes": True,
        "text": "a b;$(rm) {}",
        "list": {"const": [1, 2.5]},
        "deep": {"lr": 1e-7},
        "absent": {"choice": [1], "when": {"yes": False}},
    }
    arguments = ["{x}", "--n={n}", "{yes}", "{text}", "{list}", "{deep/lr}", "[{absent}]", "{{x}}"]
    (tmp_path / "place").mkdir()
    path = study(
        python(show + "print('TROUPE {\"loss\": 1}')", *arguments),
        {"env": {"MINE": "ä=b", "OMP_PROC_BIND": "true"}, "cwd": str(tmp_path / "place")},
        space=space,
        num_samples=1,
        resources={"cpu": 2},
    )
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    seen, environment, place = json.loads(log_of(tmp_path / "out").splitlines()[0])
    config = results["trials"][0]["config"]
    assert float(seen[0]) == config["x"]
    assert seen[1:5] == ["--n=7", "true", "a b;$(rm) {}", "[1, 2.5]"]
    assert (float(seen[5]), seen[6], seen[7]) == (1e-7, "[]", "{x}")
    assert json.loads(environment["TROUPE_PARAMS"]) == config
    assert environment["TROUPE_TRIAL"] == "00000"
    assert (environment["OMP_NUM_THREADS"], environment["MINE"]) == ("2", "ä=b")
    assert environment["HOME"] == os.environ["HOME"]
    assert place == str(tmp_path / "place")


def test_the_studys_environment_overrides_what_the_lease_says(study, tmp_path):
    show = 'echo "TROUPE {\\"loss\\": $OMP_NUM_THREADS}"'
    path = study(shell(show), {"env": {"OMP_NUM_THREADS": "5"}}, num_samples=1)
    _, results, _ = run(path, tmp_path / "out")
    assert results["trials"][0]["metrics"]["loss"] == 5


def test_a_command_inherits_no_descriptors_and_reads_nothing(study, tmp_path):
    code = """
import os, sys
assert sys.stdin.read() == ""
open_ones = [fd for fd in range(3, 1000) if os.path.exists(f"/proc/self/fd/{fd}")]
assert os.getsid(0) == os.getpid() == os.getpgid(0)
blocked = [line for line in open("/proc/self/status") if line.startswith("SigBlk")]
assert blocked == ["SigBlk:\\t0000000000000000\\n"], blocked
print("TROUPE", '{"loss": %d}' % len(open_ones))
"""
    code, results, _ = run(study(python(code)), tmp_path / "out")
    assert code == 0
    assert [t["metrics"]["loss"] for t in results["trials"]] == [0, 0, 0]


def test_asha_stops_commands_and_counts_them_as_stopped(study, tmp_path, marker):
    code = """
import json, os, time
x = json.loads(os.environ["TROUPE_PARAMS"])["x"]
for epoch in range(1000):
    print("TROUPE", json.dumps({"loss": x}))
"""
    scheduler = {"name": "asha", "max_t": 9, "grace_period": 1, "reduction_factor": 3}
    path = study(python(code), {"env": {marker: "1"}}, num_samples=9, scheduler=scheduler)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {t["state"] for t in results["trials"]} <= {"stopped", "completed"}
    assert {t["iterations"] for t in results["trials"]} <= {1, 3, 9}
    assert min(t["iterations"] for t in results["trials"]) == 1
    assert call("verify", tmp_path / "out").returncode == 0


@pytest.mark.parametrize("name", ["hyperband", "pbt", "resource_changing", "bohb"])
def test_rules_that_pause_are_refused(study, tmp_path, name):
    options = {"pbt": {"hyperparam_mutations": {"x": {"uniform": [0, 1]}}}}.get(name, {})
    path = study(python(REPORTS), scheduler={"name": name} | options)
    code, _, said = run(path, tmp_path / "out")
    assert code == 2
    assert f'scheduler/name: "{name}" pauses trials' in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo first; echo last words >&2; exit 3", "exit code 3; the last that it printed:\nfirst\nlast words"),
        ("exit 1", "exit code 1; it printed nothing"),
        ("kill -SEGV $$", "killed by SIGSEGV; it printed nothing"),
        ("kill -KILL $$", "killed by SIGKILL; it printed nothing"),
        ("echo hello", 'returned without a report of "loss"'),
        ("echo 'TROUPE {\"loss\": 0.3'; sleep 60", "a line that begins with TROUPE must go on like"),
        ("echo 'TROUPE {\"loss\": true}'; sleep 60", 'the line: TROUPE {"loss": true}'),
        ("echo 'TROUPE [1]'; sleep 60", "it must be an object; the line: TROUPE [1]"),
    ],
)
def test_what_goes_wrong_is_said(study, tmp_path, marker, script, error):
    out = tmp_path / "out"
    code, results, _ = run(study(shell(script), {"env": {marker: "1"}}), out)
    assert code == 1
    assert {t["state"] for t in results["trials"]} == {"failed"}
    assert error in only_error(out)


def test_what_a_pattern_finds_must_be_a_number(study, tmp_path):
    path = study(shell("echo loss=1.2.3"), {"metrics": {"loss": "loss=(.*)"}})
    code, _, _ = run(path, tmp_path / "out")
    assert code == 1
    assert only_error(tmp_path / "out") == (
        'the pattern of "loss" finds "1.2.3", which is no number, in the line: loss=1.2.3'
    )


def test_diverged_programs_report_nan_as_python_prints_it(study, tmp_path):
    code = 'import json; print("TROUPE", json.dumps({"loss": float("nan"), "gap": -float("inf")}))'
    out = tmp_path / "out"
    run(study(python(code), num_samples=1), out)
    reports = [e for e in events_of(out) if e["kind"] == "trial_reported"]
    assert [r["metrics"] for r in reports] == [{"loss": "nan", "gap": "-inf"}]


def test_a_retried_trial_starts_from_the_beginning(study, tmp_path):
    script = """
echo 'TROUPE {"loss": 1}'
if [ ! -e "$TROUPE_TRIAL" ]; then touch "$TROUPE_TRIAL"; exit 1; fi
echo 'TROUPE {"loss": 2}'
"""
    path = study(shell(script), {"cwd": str(tmp_path)}, max_failures=1, num_samples=2)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert [t["metrics"]["loss"] for t in results["trials"]] == [2, 2]


def test_a_flood_of_output_is_cut_and_reports_in_it_count(study, tmp_path):
    code = """
import os
line = b"x" * 1023 + b"\\n"
for i in range(40):
    os.write(1, line * 1024)
    print('TROUPE {"loss": %d}' % i)
"""
    out = tmp_path / "out"
    code, results, _ = run(study(python(code), num_samples=1), out)
    assert code == 0
    assert (results["trials"][0]["iterations"], results["trials"][0]["metrics"]["loss"]) == (40, 39)
    log = log_of(out)
    assert len(log) < 34 << 20
    assert b" bytes are missing here]\n" in log
    assert log.endswith(b'x\nTROUPE {"loss": 39}\n')


def test_long_lines_and_any_bytes_are_only_text(study, tmp_path):
    code = r"""
import os
os.write(1, b"\0\xff\xfe binary \r\n" + b"y" * 3_000_000 + b" loss=7\n" + b"loss=0.5 \0\xff\n" + b"no end")
"""
    out = tmp_path / "out"
    path = study(python(code), {"metrics": {"loss": "loss=([0-9.]+)"}}, num_samples=1)
    code, results, _ = run(path, out)
    assert code == 0
    assert results["trials"][0]["metrics"]["loss"] == 0.5
    log = log_of(out)
    assert log.startswith(b"\0\xff\xfe binary \ny")
    assert log.count(b"y") == 3_000_000 + 1  # and that of "binary"
    assert log.endswith(b"loss=0.5 \0\xff\nno end\n")


STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
print('TROUPE {"loss": 1}', flush=True)
print("ready", flush=True)
while True:
    time.sleep(60)
"""


def test_what_ignores_sigterm_is_killed_after_its_grace(study, tmp_path, marker):
    path = study(python(STUBBORN), {"grace_s": 0.3, "env": {marker: "1"}}, num_samples=2, stop={"training_iteration": 1})
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {t["state"] for t in results["trials"]} == {"stopped"}


def test_what_a_command_leaves_in_the_background_ends_with_it(study, tmp_path, marker):
    script = "sleep 1000 & (sleep 1000 &) ; echo 'TROUPE {\"loss\": 1}'"
    begun = time.monotonic()
    code, _, _ = run(study(shell(script), {"env": {marker: "1"}}), tmp_path / "out")
    assert code == 0
    assert time.monotonic() - begun < 60
    assert wait_until_gone(marker) == []


@pytest.mark.parametrize("command", [python(STUBBORN), shell("sleep 1000 & echo ready; wait")])
def test_ctrl_c_leaves_no_process_behind(study, tmp_path, marker, command):
    out = tmp_path / "out"
    path = study(command, {"grace_s": 0.2, "env": {marker: "1"}}, num_samples=50)
    with running(path, out, stderr=subprocess.PIPE) as one:
        read_until("trial_started", one.stdout, times=2)
        deadline = time.monotonic() + 30
        while len(marked(marker)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
    assert one.returncode == 130
    assert marked(marker) == []
    ended = [e["state"] for e in events_of(out) if e["kind"] == "trial_ended"]
    assert ended == ["interrupted", "interrupted"]


def test_what_leaves_its_group_ends_with_its_trial(study, tmp_path, marker):
    script = """
case $TROUPE_TRIAL in
  00000) (setsid sleep 1000 &); sleep 0.2;;
  *) until [ -e "$STATE/first-is-over" ]; do sleep 0.05; done;;
esac
echo 'TROUPE {"loss": 1}'
"""
    out = tmp_path / "out"
    path = study(shell(script), {"env": {marker: "1", "STATE": str(tmp_path)}}, num_samples=2)
    with running(path, out) as one:
        read_until("trial_ended", one.stdout)
        sleeping = [p for p in marked(marker) if command_of(p).startswith("sleep\0001000")]
        deadline = time.monotonic() + 10
        while sleeping and time.monotonic() < deadline:
            time.sleep(0.02)
            sleeping = [p for p in marked(marker) if command_of(p).startswith("sleep\0001000")]
        (tmp_path / "first-is-over").touch()
        one.communicate(timeout=60)
    assert (one.returncode, sleeping) == (0, [])


def test_what_hides_ends_with_the_study(study, tmp_path):
    name = "MARK_" + uuid.uuid4().hex
    script = f"(setsid env -i {name}=1 sleep 1000 &) ; echo 'TROUPE {{\"loss\": 1}}'"
    code, _, _ = run(study(shell(script)), tmp_path / "out")
    assert code == 0
    assert marked(name) == []


@pytest.mark.parametrize("seed", range(20))
def test_nothing_outlives_a_tuner_that_is_killed(study, tmp_path, marker, seed):
    script = "(setsid sleep 1000 &) ; (sleep 1000 &) ; trap '' TERM; while :; do echo 'TROUPE {\"loss\": 1}'; sleep 0.02; done"
    path = study(shell(script), {"env": {marker: "1"}}, num_samples=40, stop={"training_iteration": 3})
    draw = random.Random(seed)
    with running(path, tmp_path / "out") as one:
        time.sleep(draw.uniform(0, 0.5))
        one.kill()
        one.communicate(timeout=60)
    assert wait_until_gone(marker) == []


def test_a_second_ctrl_c_leaves_no_process_behind(study, tmp_path, marker):
    path = study(python(STUBBORN), {"env": {marker: "1"}}, num_samples=2)
    with running(path, tmp_path / "out", stderr=subprocess.PIPE) as one:
        read_until("trial_reported", one.stdout, times=2)
        one.send_signal(signal.SIGINT)
        read_until("once more", one.stderr)
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
    assert one.returncode == 130
    assert wait_until_gone(marker) == []


def test_what_reports_last_and_ends_is_judged_after_its_end(study, tmp_path):
    """Its reports are read, and the trial stopped, when there is nobody left to get SIGTERM."""
    script = "for i in 1 2 3 4 5 6 7 8; do echo 'TROUPE {\"loss\": 1}'; done; exit 3"
    path = study(shell(script), num_samples=20, stop={"training_iteration": 8})
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {(t["state"], t["iterations"]) for t in results["trials"]} == {("stopped", 8)}


CSV = """
import csv, sys
with open(sys.argv[1], "a", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["epoch", "loss", "note", "accuracy"])
    for epoch in (1, 2, 3):
        rows.writerow([epoch, float(sys.argv[2]) / epoch, "a, \\"b\\"", "" if epoch == 3 else 0.5])
"""
JSON_LINES = """
import json, sys
with open(sys.argv[1], "a") as file:
    for epoch in (1, 2, 3):
        file.write("\\n" if epoch > 1 else "")
        file.write(json.dumps({"epoch": epoch, "loss": float(sys.argv[2]) / epoch, "note": "x", "more": [1]}))
"""


@pytest.mark.parametrize(("ending", "code"), [("csv", CSV), ("jsonl", JSON_LINES)])
def test_reports_are_read_from_a_file_that_a_program_writes(study, tmp_path, ending, code):
    out = tmp_path / "out"
    name = "made{TROUPE_TRIAL}." + ending
    (tmp_path / f"made00000.{ending}").write_text("what an earlier run has left")
    path = study(python(code, name, "{x}"), {"metrics_file": name, "cwd": str(tmp_path)})
    status, results, _ = run(path, out)
    assert status == 0, [e for e in events_of(out) if e["kind"] == "trial_failed"]
    for trial in results["trials"]:
        assert (trial["state"], trial["iterations"]) == ("completed", 3)
        assert trial["metrics"]["loss"] == trial["config"]["x"] / 3
        assert trial["metrics"]["epoch"] == 3
        assert "note" not in trial["metrics"]
    first = next(e for e in events_of(out) if e["kind"] == "trial_reported")
    assert ("accuracy" in first["metrics"]) == (ending == "csv")
    assert (tmp_path / f"made00000.{ending}.before").read_text() == "what an earlier run has left"


def test_a_program_is_stopped_by_what_its_file_says(study, tmp_path, marker):
    script = "while :; do echo '{\"loss\": 1}'; sleep 0.01; done >$1.jsonl"
    path = study(
        [*shell(script), "sh", "{TROUPE_TRIAL}"],
        {"metrics_file": "{TROUPE_TRIAL}.jsonl", "cwd": str(tmp_path), "env": {marker: "1"}},
        stop={"training_iteration": 5},
    )
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {(t["state"], t["iterations"]) for t in results["trials"]} == {("stopped", 5)}


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("x.csv", "loss,accuracy\n1\n", "it has 1 cells, and the first line has 2 names; the line: 1"),
        ("x.jsonl", '{"loss": 1\n', 'the line: {"loss": 1'),
        ("x.jsonl", "[1]\n", "it must be an object; the line: [1]"),
        ("x.csv", "loss\n", 'returned without a report of "loss"'),
    ],
)
def test_what_is_wrong_with_a_file_is_said(study, tmp_path, name, content, error):
    code = "import os, sys; open(sys.argv[1], 'w').write(os.environ['CONTENT'])"
    name = "{TROUPE_TRIAL}" + name
    trainable = {"metrics_file": name, "cwd": str(tmp_path), "env": {"CONTENT": content}}
    code, _, _ = run(study(python(code, name), trainable), tmp_path / "out")
    assert code == 1
    assert error in only_error(tmp_path / "out")


def test_a_killed_guardian_fails_its_trials_and_they_end(study, tmp_path, marker):
    out = tmp_path / "out"
    path = study(shell("echo 'TROUPE {\"loss\": 1}'; sleep 1000"), {"env": {marker: "1"}}, num_samples=2)
    with running(path, out) as one:
        read_until("trial_reported", one.stdout, times=2)
        children = pathlib.Path(f"/proc/{one.pid}/task/{one.pid}/children").read_text().split()
        guardians = [int(child) for child in children if "guard-commands" in command_of(child)]
        assert len(guardians) == 1
        os.kill(guardians[0], signal.SIGKILL)
        one.communicate(timeout=60)
    assert one.returncode == 1
    assert "the process that guards commands is gone" in only_error(out)


def test_nobody_becomes_a_guardian_by_hand():
    done = call("guard-commands")
    assert done.returncode == 2
    assert "guard-commands" in done.stderr


def test_a_study_that_was_interrupted_goes_on(study, tmp_path):
    out = tmp_path / "out"
    go = tmp_path / "go"
    script = f"while [ ! -e {go} ]; do sleep 0.05; done; echo 'TROUPE {{\"loss\": 1}}'"
    with running(study(shell(script)), out) as one:
        read_until("trial_started", one.stdout, times=2)
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=60)
    go.touch()
    done = call("resume", out, "--json")
    assert done.returncode == 0, done.stderr
    assert {t["state"] for t in json.loads(done.stdout)["trials"]} == {"completed"}
    assert call("doctor", out).returncode == 0


def faults(path, tmp_path, *more):
    done = call("run", path, "--out", tmp_path / "out", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "out").exists()
    return done.stderr


def test_a_program_that_cannot_be_run_is_said_before_any_trial(study, tmp_path):
    assert 'command/0: cannot be run: no folder of PATH has a program "trainn"' in faults(study(["trainn"]), tmp_path)
    (tmp_path / "train.sh").write_text("#!/bin/sh\n")
    said = faults(study(["./train.sh"], {"cwd": str(tmp_path)}), tmp_path)
    assert f"{tmp_path}/./train.sh: it is not executable; chmod +x makes it so" in said
    assert "there is no such file" in faults(study(["./nothing"], {"cwd": str(tmp_path)}), tmp_path)
    assert "it is no file" in faults(study([str(tmp_path)]), tmp_path)
    assert f"trainable/cwd: is no folder: {tmp_path}/no" in faults(study(["sh"], {"cwd": f"{tmp_path}/no"}), tmp_path)
    said = faults(study(["sh"], {"env": {"PATH": str(tmp_path)}}), tmp_path)
    assert 'no folder of PATH has a program "sh"' in said


@pytest.mark.parametrize(
    ("command", "more", "problem"),
    [
        (["sh", "{y}"], {}, "trainable/command/1: unknown parameter {y}; known: x"),
        (["sh", "--{widht}"], {"space": {"width": 1}}, 'unknown parameter {widht}; did you mean "width"?'),
        (["sh", "{x"], {}, "trainable/command/1: has a { without its }"),
        (["sh", "x}"], {}, "trainable/command/1: has a } without its {"),
        (["sh", "{}"], {}, "trainable/command/1: has {}, which names no parameter"),
        (["{x}"], {}, "trainable/command/0: must be the same program in all trials"),
        ([], {}, "trainable/command: must name a program"),
        ([""], {}, "trainable/command/0: must name a program"),
        ("sh", {}, "trainable/command: must be a list of texts; found the text \"sh\""),
        (["sh", 3], {}, "trainable/command: must be a list of texts"),
        (["sh"], {"env": {"A=B": ""}}, "trainable/env/A=B: must be a variable's name"),
        (["sh"], {"env": {"A": 1}}, "trainable/env: must be an object of texts"),
        (["sh"], {"metrics": {"loss": "(a"}}, "trainable/metrics/loss: must be a regular expression"),
        (["sh"], {"metrics": {"loss": "a"}}, "must have exactly one group ( ), which is the number"),
        (["sh"], {"metrics": {"loss": "(a)(b)"}}, "found 2"),
        (["sh"], {"metrics": {"": "(a)"}}, "must be a metric's name"),
        (["sh"], {"metrics": {}}, "trainable/metrics: must have a pattern for each metric"),
        (["sh"], {"metrics_file": "a.csv"}, "trainable/metrics_file: must be another file in each trial"),
        (["sh"], {"metrics_file": "{TROUPE_TRIAL}{y}"}, "trainable/metrics_file: unknown parameter {y}"),
        (["sh"], {"metrics_file": "{TROUPE_TRIAL}", "metrics": {"loss": "(.)"}}, "leave one out"),
        (["{TROUPE_TRIAL}"], {}, "trainable/command/0: must be the same in all trials"),
        (["sh"], {"metrics": {"lost": "(a)"}}, 'reads "loss"; did you mean "lost"?'),
        (["sh"], {"grace_s": -1}, "trainable/grace_s: must be a number >= 0"),
        (["sh"], {"grace": 1}, 'unknown option of trainable "command"; did you mean "grace_s"?'),
    ],
)
def test_wrong_commands_are_refused_with_their_place(study, tmp_path, command, more, problem):
    changes = {"space": more.pop("space")} if "space" in more else {}
    said = faults(study(command, more, **changes), tmp_path)
    assert problem in said
    assert "study.json:1:" in said


def test_a_study_with_a_command_can_be_asked_for_trials_like_any_other(study, tmp_path):
    done = call("ask", study(["no such program"]), "--dir", tmp_path / "asked")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["params"].keys() == {"x"}


def test_secrets_in_the_environment_are_not_stored(study, tmp_path):
    script = "echo \"TROUPE {\\\"loss\\\": ${#API_TOKEN}}\""
    path = study(shell(script), {"env": {"API_TOKEN": "hidden!"}})
    out = tmp_path / "out"
    code, results, _ = run(path, out)
    assert (code, results["trials"][0]["metrics"]["loss"]) == (0, 7)
    assert "hidden!" not in (out / "study.json").read_text()
    refused = call("resume", out)
    assert refused.returncode == 2
    assert "trainable/env/API_TOKEN: is a secret" in refused.stderr
    again = call("resume", out, "--set", "trainable/env/API_TOKEN=hidden!")
    assert again.returncode == 0, again.stderr


def test_the_schema_knows_commands(tmp_path):
    schema = tmp_path / "schema.json"
    schema.write_text(call("schema").stdout)

    def is_one(trainable):
        file = tmp_path / "one.json"
        file.write_text(json.dumps({"metric": "loss", "trainable": trainable}))
        judge = [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, file]
        return subprocess.run(judge, capture_output=True).returncode == 0

    good = {"command": ["sh"], "env": {"A": "b"}, "metrics": {"loss": "(a)"}, "cwd": "x", "grace_s": 1}
    assert is_one(good)
    assert is_one(good | {"name": "command"})
    assert not is_one({"command": "sh"})
    assert not is_one({"command": [3]})
    assert not is_one(good | {"grace_s": -1})
    assert not is_one(good | {"grace": 1})
    assert not is_one({"env": {}})


def test_the_example_runs_as_it_is_shown(tmp_path):
    root = pathlib.Path(__file__).parents[2]
    done = call("run", "examples/command/study.json", "--out", tmp_path / "out", "--json", cwd=root)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert len(results["trials"]) == 30
    assert {t["state"] for t in results["trials"]} == {"stopped"}  # some of them after the last epoch
    assert {2, 20} <= {t["iterations"] for t in results["trials"]}
    assert results["best"]["metrics"]["loss"] < 0.05


def test_the_study_of_the_documentation_is_one(tmp_path):
    text = (pathlib.Path(__file__).parents[2] / "docs/commands.md").read_text()
    shown = text[text.index("    {\n") : text.index("\n    }\n") + 7]
    (tmp_path / "study.json").write_text(shown)
    code = 'import sys; print("val_loss=" + sys.argv[2], sys.argv[4])'
    (tmp_path / "train.py").write_text(code)
    done = call("run", "study.json", "--out", "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {t["metrics"]["loss"] == t["config"]["lr"] for t in json.loads(done.stdout)["trials"]} == {True}
