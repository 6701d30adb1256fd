"""`troupe init` writes study files that can be run as they are; `wait` waits for a study (programs in TOY and TROUPE)."""

import signal
import subprocess

import pytest

from studies import PROGRAM
from toys import TOY, behaving, call, read_until, running, study  # noqa: F401  # study is a fixture


def test_a_study_of_a_trainable_runs_as_it_is(tmp_path):
    assert call("init", "toy", cwd=tmp_path).stderr == "wrote study.json; next: troupe preview study.json\n"
    done = call("run", "study.json", "--num-samples", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Number of trials: 3" in done.stdout


def test_it_says_what_may_be_changed(tmp_path):
    text = call("init", "toy", "-o", "-").stdout
    for part in ("// a number: a number >= 0", '"epochs": 3', "// reports: an integer", '// "data":', "troupe list schedulers"):
        assert part in text, text
    file = tmp_path / "study.json"
    for name in ("cifar10", "command"):
        subprocess.run([PROGRAM, "init", name, "-o", file, "--overwrite"], check=True, capture_output=True)
        done = subprocess.run([PROGRAM, "preview", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done


def test_a_program_of_any_kind_runs_with_what_init_wrote(tmp_path):
    assert call("init", cwd=tmp_path).returncode == 0
    (tmp_path / "train.py").write_text(
        "import sys\nfor i in range(3): print('TROUPE {\"loss\": %s}' % (float(sys.argv[2]) / (i + 1)))\n"
    )
    done = call("run", "study.json", "--num-samples", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1].startswith("more: troupe_toy show results/study 0000")


def test_nothing_is_replaced_unasked(tmp_path):
    file = tmp_path / "study.json"
    file.write_text("mine")
    done = call("init", "toy", "-o", file)
    assert (done.returncode, file.read_text()) == (4, "mine")
    assert "is there already; --overwrite replaces it" in done.stderr
    assert call("init", "toy", "-o", file, "--overwrite").returncode == 0
    assert 'did you mean "toy"?' in call("init", "toi", "-o", "-").stderr
    assert call("init", "toy", "-o", tmp_path / "no/study.json").returncode == 4


@pytest.mark.parametrize(("behaviour", "code"), [("well", 0), ("throw", 1)])
def test_wait_ends_as_the_run_has(study, tmp_path, behaviour, code):
    out = tmp_path / "out"
    assert call("run", study(space=behaving(behaviour), num_samples=2), "--out", out).returncode == code
    assert call("wait", out).returncode == code


def test_wait_waits_for_a_study_that_runs(study, tmp_path):
    out = tmp_path / "out"
    with running(study(space=behaving("wait"), num_samples=1), out) as run:
        read_until("trial_started", run.stdout)
        waiting = subprocess.Popen([TOY, "wait", out], stderr=subprocess.PIPE, text=True)
        run.send_signal(signal.SIGINT)
        assert waiting.wait(timeout=60) == 130
        waiting.stderr.close()
    assert call("wait", tmp_path / "none").returncode == 4


def test_wait_ends_when_nobody_runs_the_study(study, tmp_path):
    out = tmp_path / "out"
    with running(study(space=behaving("wait"), num_samples=1), out) as run:
        read_until("trial_started", run.stdout)
        run.send_signal(signal.SIGKILL)
    done = call("wait", out)
    assert (done.returncode, done.stderr) == (130, "nobody runs the study, and it has not ended\n")
