"""Studies of commands that cannot be: what is wrong is said before any trial."""

import json
import os
import subprocess
import sys

import pytest

from commands import python, run, shell, study  # noqa: F401  # study and marker are fixtures
from toys import call

REPORTS = """
import json, os, sys
params = json.loads(os.environ["TROUPE_PARAMS"])
for epoch in range(1, 1 + int(params.get("epochs", 3))):
    print("some words")
    print("TROUPE " + json.dumps({"loss": params["x"] / epoch}))
"""


def faults(path, tmp_path, *more):
    done = call("run", path, "--out", tmp_path / "out", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "out").exists()
    return done.stderr


@pytest.mark.parametrize("name", ["hyperband", "pbt", "resource_changing", "bohb"])
def test_rules_that_pause_are_refused(study, tmp_path, name):
    options = {"pbt": {"hyperparam_mutations": {"x": {"uniform": [0, 1]}}}}.get(name, {})
    path = study(python(REPORTS), scheduler={"name": name} | options)
    code, _, said = run(path, tmp_path / "out")
    assert code == 2
    assert f'scheduler/name: "{name}" pauses trials' in said
    assert not (tmp_path / "out").exists()


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
    ("content", "problem"),
    [
        ("", "it is empty"),
        ("echo hello\n", "its first line does not say what runs it: a script begins with a line such as #!/bin/sh"),
        ("#!/no/such/shell -e\n", "its first line names /no/such/shell to run it: there is no such file"),
        ("#!/etc/passwd\n", "its first line names /etc/passwd to run it: it is not executable"),
        ("#!/usr/bin/env pythonn\n", "its first line names pythonn to run it, which cannot be run: no folder of PATH"),
        ("#!/bin/sh\r\nexit\r\n", "its lines end with \\r\\n, as on Windows"),
        ("#!\n", "its first line names no program behind #!"),
    ],
)
def test_a_script_that_nothing_runs_is_said_before_any_trial(study, tmp_path, content, problem):
    script = tmp_path / "train"
    script.write_bytes(content.encode())
    script.chmod(0o755)
    said = faults(study([str(script)]), tmp_path)
    assert f"trainable/command/0: cannot be run: {script}: {problem}" in said
    said = faults(study(["train"], {"env": {"PATH": f"/bin:{tmp_path}"}}), tmp_path)
    assert f"cannot be run: {script}: {problem}" in said


@pytest.mark.parametrize("head", ["#!/bin/sh", "#! /usr/bin/env sh", "#!/usr/bin/env -S sh -e"])
def test_a_script_runs_by_what_its_first_line_names(study, tmp_path, head):
    script = tmp_path / "train"
    script.write_text(head + "\necho 'TROUPE {\"loss\": 1}'\n")
    script.chmod(0o755)
    code, _, said = run(study([str(script)], num_samples=1), tmp_path / "out")
    assert code == 0, said


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
        (["sh", 3], {}, "trainable/command/1: must be a text; found 3"),
        (["sh"], {"env": {"A=B": ""}}, "trainable/env/A=B: must be a variable's name"),
        (["sh"], {"env": {"B": "b", "A": 1}}, "trainable/env/A: must be a text; found 1"),
        (["sh"], {"env": ["A"]}, "trainable/env: must be an object of texts"),
        (["sh"], {"metrics": {"loss": None}}, "trainable/metrics/loss: must be a text; found null"),
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
