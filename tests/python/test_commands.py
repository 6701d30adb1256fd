"""Trials that are programs of any kind: what they are told, and how their reports are read."""

import json
import os
import pathlib
import sys

import pytest

from commands import (  # noqa: F401  # study and marker are fixtures
    log_of,
    marker,
    only_error,
    python,
    run,
    shell,
    study,
)
from toys import call, events_of

REPORTS = """
import json, os, sys
params = json.loads(os.environ["TROUPE_PARAMS"])
for epoch in range(1, 1 + int(params.get("epochs", 3))):
    print("some words")
    print("TROUPE " + json.dumps({"loss": params["x"] / epoch}))
"""


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
    ],
)
def test_what_is_wrong_with_a_file_is_said(study, tmp_path, name, content, error):
    code = "import os, sys; open(sys.argv[1], 'w').write(os.environ['CONTENT'])"
    name = "{TROUPE_TRIAL}" + name
    trainable = {"metrics_file": name, "cwd": str(tmp_path), "env": {"CONTENT": content}}
    code, _, _ = run(study(python(code, name), trainable), tmp_path / "out")
    assert code == 1
    assert error in only_error(tmp_path / "out")


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("mkfifo $1; sleep 60", "is a folder, a pipe or a device; it must be a file"),
        ("echo '{\"loss\": 3}' >$1; sleep 0.3; echo '{\"loss\": 2}' >$1.new; mv $1.new $1; sleep 60", "was written anew"),
        ("echo '{\"loss\": 3}' >$1; sleep 0.3; : >$1; sleep 60", "was written anew"),
        (":", "exit code 0 without a report: "),
    ],
)
def test_a_file_that_cannot_be_followed_fails_its_trial(study, tmp_path, marker, script, error):
    trainable = {"metrics_file": "{TROUPE_TRIAL}.jsonl", "cwd": str(tmp_path), "env": {marker: "1"}}
    path = study([*shell(script), "sh", "{TROUPE_TRIAL}.jsonl"], trainable, num_samples=1)
    code, _, _ = run(path, tmp_path / "out")
    assert code == 1
    assert error in only_error(tmp_path / "out")


def test_a_file_may_begin_with_a_byte_order_mark(study, tmp_path):
    trainable = {"metrics_file": "{TROUPE_TRIAL}.csv", "cwd": str(tmp_path)}
    path = study([*shell("printf '\\357\\273\\277loss\\n1\\n' >$1"), "sh", "{TROUPE_TRIAL}.csv"], trainable)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {t["metrics"]["loss"] for t in results["trials"]} == {1}


def test_what_troupe_counts_itself_is_left_out_of_reports(study, tmp_path):
    script = "for i in 1 2 3; do echo 'TROUPE {\"loss\": 1, \"training_iteration\": 77, \"time_total_s\": 9}'; done"
    code, results, _ = run(study(shell(script)), tmp_path / "out")
    assert code == 0
    assert {t["iterations"] for t in results["trials"]} == {3}
    assert all(set(t["metrics"]) == {"loss"} for t in results["trials"])


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
