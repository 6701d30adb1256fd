"""What trials need, are called, and keep, as a study file says it (program in TOY)."""

import json

import pytest

from commands import python, run, study  # noqa: F401  # study is a fixture
from toys import call, events_of

# Reports n. With a second argument it fails if it overlaps with another: a folder of that name is there while it trains.
REPORTS = """
import os, sys, time
if len(sys.argv) > 2:
    os.mkdir(sys.argv[2])
    time.sleep(0.05)
    os.rmdir(sys.argv[2])
print("TROUPE", '{"loss": %s}' % sys.argv[1])
"""


def summary_of(out):
    return json.loads((out / "summary.json").read_text())


def counted(study, *alone, **changes):
    return study(
        python(REPORTS, "{n}", *alone),
        space={"n": {"grid_search": [3, 1, 4, 2]}},
        num_samples=1,
        **changes,
    )


def test_a_licence_is_in_use_once_and_trials_have_names(study, tmp_path):
    out = tmp_path / "out"
    path = counted(
        study,
        str(tmp_path / "in_use"),
        cpus=4,
        resources={"cpu": 0.5, "license": 1},
        custom={"license": 1},
        trial_name="n{n}-{TROUPE_TRIAL}",
    )
    code, results, said = run(path, out)
    assert code == 0, said
    assert [t["state"] for t in results["trials"]] == ["completed"] * 4
    assert [t["name"] for t in results["trials"]] == [
        "n3-00000", "n1-00001", "n4-00002", "n2-00003",
    ]  # fmt: skip
    assert [t["name"] for t in summary_of(out)["trials"]] == [
        t["name"] for t in results["trials"]
    ]
    assert "trial 00001 n1-00001 completed" in said
    table = call("run", path, "--out", tmp_path / "again").stdout
    assert "| 00002 | n4-00002 |" in table


def test_one_that_asks_too_much_fails_and_goes_on_when_there_is_more(study, tmp_path):
    out = tmp_path / "out"
    path = counted(
        study,
        resources={"cpu": 1, "license": {"expr": "n"}},
        custom={"license": 3},
    )
    code, results, said = run(path, out)
    assert code == 3, said
    assert [t["state"] for t in results["trials"]] == ["completed", "completed", "failed", "completed"]
    failed = results["trials"][2]
    assert failed["reason"] == 'a trial needs 4 of "license", and there are 3'
    assert failed["reason_kind"] == "no_resources"
    assert "error.txt" not in said  # it was never started
    resumed = call("resume", out, "--retry-failed", "--set", "custom/license=4")
    assert resumed.returncode == 0, resumed.stderr
    assert [t["state"] for t in summary_of(out)["trials"]] == ["completed"] * 4
    assert call("verify", out).returncode == 0
    assert call("doctor", out).returncode == 0
    limits = [e["limits"] for e in events_of(out) if e.get("limits")]
    assert limits[0]["custom"] == {"license": 4}
    assert limits[0]["per_config"] == {"license": "n"}


def test_what_is_shown_beforehand_says_what_cannot_be_started(study):
    path = counted(study, cpus=2, resources={"cpu": {"expr": "n ~= 1 and 100 * n or 'one'"}})
    previewed = call("preview", path)
    assert "at most 0 at once" in previewed.stdout
    assert "cannot be started here: a trial needs 300 CPUs, and there are 2" in previewed.stdout
    shown = json.loads(call("preview", path, "--json").stdout)
    assert shown["suggestions"][1]["no_resources"].endswith('is no number but the text "one"')


def test_workers_of_a_simulation_run_any_trial(study):
    path = counted(study, resources={"cpu": {"expr": "n ~= 1 and 100 * n or 'one'"}})
    simulated = call("simulate", path, "--workers", "2", "--curve", "power")
    assert simulated.returncode == 0, simulated.stderr
    assert "failed" not in simulated.stdout


def test_names_of_trials_cannot_change_on_the_way(study, tmp_path):
    out = tmp_path / "out"
    path = counted(study, trial_name="n{n}")
    assert run(path, out)[0] == 0
    changed = call("resume", out, "--set", "trial_name=m{n}")
    assert changed.returncode == 2
    assert 'trial_name: "n{n}" there, "m{n}" here' in changed.stderr


def test_what_a_study_keeps_cannot_be_judged_by_another_metric_on_its_way(study, tmp_path):
    out = tmp_path / "out"
    path = counted(study, keep={"best": 1, "metric": "loss"})
    assert run(path, out)[0] == 0
    changed = call("resume", out, "--set", "keep/mode=max")
    assert changed.returncode == 2
    assert 'keep: by "loss" (min) there, by "loss" (max) here' in changed.stderr


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"resources": {"licence": 1}, "custom": {"license": 1}}, 'did you mean "license"?'),
        ({"resources": {"cpu": {"expr": "2 * m"}}}, 'resources/cpu/expr: unknown name "m"'),
        ({"trial_name": "{m}"}, "trial_name: unknown parameter {m}"),
    ],
)
def test_what_is_not_there_is_named(study, tmp_path, members, said):
    done = call("run", counted(study, **members), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_name_that_was_mistyped_on_the_way_is_warned_of(study, tmp_path):
    path = counted(study, resources={"cpu": 1, "license": 1}, custom={"license": 4})
    assert run(path, tmp_path / "out")[0] == 0
    resumed = call("resume", tmp_path / "out", "--set", "custom/licence=8")
    assert resumed.returncode == 0
    assert 'custom/licence: no trial asks for it in resources; did you mean "license"' in resumed.stderr


def test_a_preview_counts_with_the_least_that_trials_need(study, tmp_path):
    path = counted(study, cpus=4, resources={"cpu": {"expr": "n"}})
    previewed = call("preview", path)
    assert previewed.returncode == 0, previewed.stderr
    assert "follows from its configuration" in previewed.stdout


def test_asked_trials_are_leased_what_they_need(study, tmp_path):
    path = counted(study, resources={"cpu": {"expr": "n"}, "memory_gb": 2})
    out = tmp_path / "asked"
    assert call("ask", path, "--dir", out).returncode == 0
    started = next(e for e in events_of(out) if e["kind"] == "trial_started")
    assert started["lease"]["cpu"] == 3
    assert started["lease"]["memory_gb"] == 2
