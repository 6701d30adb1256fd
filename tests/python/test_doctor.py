"""What `troupe doctor` says of folders that studies have left, and how it mends them."""

import json
import signal
import subprocess
import time

import pytest

from toys import TOY, WELL, behaving, call, events_of, read_until, running, study  # noqa: F401  # study is a fixture

PBT = {"name": "pbt", "perturbation_interval": 1, "hyperparam_mutations": {"x": {"uniform": [0, 1]}}}
HYPERBAND = {"name": "hyperband", "max_t": 9, "reduction_factor": 3}
ASHA = {"name": "asha", "max_t": 9, "grace_period": 1, "reduction_factor": 3}


def run(path, out, *more):
    return call("run", path, "--out", out, *more)


def whole(folder):
    done = call("doctor", folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert "nothing wrong" in done.stderr
    return True


@pytest.mark.parametrize("scheduler", [ASHA, PBT, HYPERBAND, {"name": "fifo"}], ids=lambda s: s["name"])
@pytest.mark.parametrize("keep", [{}, {"keep": {"best": 2, "last": 0}}], ids=["usual", "best"])
def test_a_study_that_has_ended_is_whole(study, tmp_path, scheduler, keep):  # noqa: F811
    space = WELL | {"epochs": 12}
    path = study(space=space, num_samples=12, scheduler=scheduler, **keep)
    assert run(path, tmp_path / "out").returncode == 0
    assert whole(tmp_path / "out")


@pytest.mark.parametrize("trial_files", [True, False])
def test_a_study_with_failures_is_whole(study, tmp_path, trial_files):  # noqa: F811
    path = study(space=behaving("well", "throw", "nan"), num_samples=12, trial_files=trial_files, max_failures=1)
    assert run(path, tmp_path / "out").returncode == 3
    assert whole(tmp_path / "out")
    assert bool(list(tmp_path.glob("out/trials/*/params.json"))) == trial_files
    assert list(tmp_path.glob("out/trials/*/error.txt"))


def test_a_study_that_others_train_is_whole(study, tmp_path):  # noqa: F811
    path, out = study(scheduler=HYPERBAND, space=WELL, num_samples=9, max_failures=1), tmp_path / "out"
    failed = False
    while (done := call("ask", path, "--dir", out)).returncode == 0:
        assert whole(out)
        trial = json.loads(done.stdout)
        if not failed:
            failed = True
            assert call("tell", out, trial["id"], "--fail", "unlucky").returncode == 0
            continue
        step = trial.get("from_iteration", 0)
        said = "CONTINUE"
        while said == "CONTINUE":
            step += 1
            said = call("tell", out, trial["id"], trial["params"]["x"] / step, "--step", step).stdout.strip()
    assert done.returncode == 11
    assert "PAUSE" not in said and any(e["kind"] == "trial_paused" for e in events_of(out))
    assert (out / "summary.json").exists()
    assert whole(out)


def test_a_killed_run_is_made_whole(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    with subprocess.Popen(
        [TOY, "run", study(space=WELL | {"epochs": 1_000_000}), "--out", out], stderr=subprocess.DEVNULL
    ) as process:
        while not list(out.glob("trials/00000/checkpoint_*")):
            time.sleep(0.01)
        while not any(e["kind"] == "trial_reported" and e["trial"] == "00000" for e in events_of(out)):
            time.sleep(0.01)
        process.kill()
    before = events_of(out)
    (out / "trials/00000/.checkpoint_000099.tmp").mkdir()
    found = call("doctor", out)
    assert found.returncode == 4
    assert "half-written" in found.stdout and "--repair removes it" in found.stdout
    mended = call("doctor", out, "--repair")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert len(mended.stdout.splitlines()) == len(found.stdout.splitlines())
    assert whole(out)
    assert events_of(out) == before
    for trial in (out / "trials").iterdir():
        reports = sum(e["kind"] == "trial_reported" and e["trial"] == trial.name for e in before)
        lines = (trial / "result.json").read_text().splitlines() if reports else []
        assert [json.loads(line)["training_iteration"] for line in lines] == list(range(1, reports + 1))


def test_damage_that_cannot_be_repaired_is_exit_code_7(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    run(study(), out)
    kept = sorted(out.glob("trials/00000/checkpoint_*"))[-1]
    (kept / "metadata.json").unlink()
    (out / "summary.json").unlink()
    for arguments in [[out], [out, "--repair"]]:
        done = call("doctor", *arguments)
        assert done.returncode == 7
        assert f"{kept}: is damaged" in done.stdout
    assert "summary.json: is missing; made anew" in done.stdout
    assert (out / "summary.json").exists()


@pytest.mark.parametrize("page", [1, 2, 3, 5])
def test_a_damaged_database_is_one_line_with_its_path_once(study, tmp_path, page):  # noqa: F811
    out = tmp_path / "out"
    run(study(num_samples=20), out)
    with open(out / "study.db", "r+b") as database:
        database.seek(4096 * page)
        database.write(b"\xa5" * 4096)
    done = call("doctor", out)
    assert done.returncode == 7
    assert all(line.startswith(f"{out}/") for line in done.stdout.splitlines()), done.stdout
    first = done.stdout.splitlines()[0]
    assert first.count(str(out / "study.db")) == 1
    assert first.startswith(f"{out}/study.db: ")
    assert "put back a copy of study.db" in first


def test_the_study_need_not_be_named_where_there_is_only_one(study, tmp_path):  # noqa: F811
    assert call("doctor", cwd=tmp_path).returncode == 4
    run(study(), tmp_path / "results/one")
    done = call("doctor", cwd=tmp_path)
    assert done.returncode == 0 and "looking at results/one" in done.stderr
    done = call("doctor", cwd=tmp_path / "results/one")
    assert done.returncode == 0 and "looking at ." in done.stderr
    run(study(), tmp_path / "results/two")
    done = call("doctor", cwd=tmp_path)
    assert done.returncode == 4 and "results/one, results/two" in done.stderr


def test_a_study_that_runs_is_looked_at_and_left_alone(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    with running(study(space=behaving("wait")), out) as process:
        read_until("trial_started", process.stdout)
        while not events_of(out):
            time.sleep(0.01)
        done = call("doctor", out)
        assert done.returncode == 0, done.stdout
        assert "a study runs here" in done.stderr
        done = call("doctor", out, "--repair")
        assert done.returncode == 4 and "in use" in done.stderr
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert whole(out)


def test_the_program_lists_it():
    assert "doctor" in call("--help").stdout
    assert "--repair" in call("doctor", "--help").stdout


def test_what_a_test_has_measured_stays_in_the_summary(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    printed = json.loads(run(study(space=WELL), out, "--json").stdout)
    summary = out / "summary.json"
    assert printed["test"] is not None
    assert json.loads(summary.read_text())["test"] == printed["test"]
    assert whole(out)
    assert call("clean", out, "--yes", "--keep-best", 1).returncode == 0
    assert json.loads(summary.read_text())["test"] == printed["test"]
    summary.write_text(summary.read_text().replace(printed["best"]["id"], "00009"))
    assert call("doctor", out, "--repair").returncode == 0
    assert json.loads(summary.read_text())["test"] is None
    assert call("resume", out, "--num-samples", 5).returncode == 0
    assert json.loads(summary.read_text())["test"] is not None
