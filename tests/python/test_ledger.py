"""Studies on one machine that want the same CPUs and GPUs (program in TOY)."""

import contextlib
import fcntl
import json
import os
import signal
import struct
import subprocess

import pytest

from toys import TOY, WELL, behaving, call, events_of, read_until, running, study  # noqa: F401  # study is a fixture

CPUS = len(os.sched_getaffinity(0))
WAITS = "waits; Ctrl-C ends it"


@contextlib.contextmanager
def holding(path, out, *more):
    """A study that trains until it is stopped."""
    with running(path, out, *more) as run:
        read_until("trial_started", run.stdout)
        try:
            yield run
        finally:
            run.kill()


@pytest.fixture
def endless(study, tmp_path):  # noqa: F811
    """Begins one with so many CPUs; None: all that it finds."""

    def begin(cpus, *more):
        each = min(cpus or 1, 1)
        path = study(space=behaving("wait"), num_samples=1, cpus=cpus or CPUS, resources={"cpu": each})
        return holding(path, tmp_path / "first", *more)

    return begin


def begin(path, out, *more, **how):
    command = [TOY, "run", path, "--out", out, *more]
    return subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **how
    )


def ends_well(run):
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 0, said
    return said


def cpus_of(amount):
    return f"{amount:g} CPU{'' if amount == 1 else 's'}"


def without_cpus(path):
    """The study in a file, which is to say nothing of what it may use."""
    with open(path) as file:
        content = json.load(file)
    del content["cpus"]
    with open(path, "w") as file:
        json.dump(content, file)
    return path


def test_the_second_study_takes_what_the_first_leaves(study, endless, tmp_path):  # noqa: F811
    out = tmp_path / "second"
    with endless(0.5) as first:
        path = without_cpus(study(resources={"cpu": 0.25}))
        with begin(path, out) as second:
            said = ends_well(second)
    assert (
        f"0.5 of {cpus_of(CPUS)} are held by the study in {tmp_path / 'first'} (process {first.pid}); "
        f"this study takes {cpus_of(CPUS - 0.5)}\n"
    ) in said
    running_now = most = 0
    for e in events_of(out):
        running_now += (e["kind"] == "trial_started") - (e["kind"] == "trial_ended")
        most = max(most, running_now)
    assert most <= (CPUS - 0.5) / 0.25


def test_a_study_that_leaves_enough_is_not_mentioned(study, endless, tmp_path):  # noqa: F811
    with endless(0.5):
        with begin(study(cpus=CPUS - 0.5, resources={"cpu": 0.5}), tmp_path / "second") as second:
            assert "held by" not in ends_well(second)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_study_waits_until_the_first_has_ended(study, endless, tmp_path, end):  # noqa: F811
    out = tmp_path / "second"
    with endless(CPUS) as first:
        with begin(study(cpus=CPUS), out) as second:
            read_until(WAITS, second.stderr)
            assert not (out / "study.db").exists()
            first.send_signal(end)
            first.wait(60)
            assert "up to 4 trials" in ends_well(second)
    assert len(events_of(out)) > 4


def test_whoever_waits_says_for_whom(study, endless, tmp_path):  # noqa: F811
    with endless(None) as first:
        with begin(without_cpus(study()), tmp_path / "second") as second:
            said = second.stderr.readline()
            second.send_signal(signal.SIGINT)
            second.communicate(timeout=60)
    verb = "is" if CPUS == 1 else "are"
    assert said == (
        f"{CPUS} of {cpus_of(CPUS)} {verb} held by the study in {tmp_path / 'first'} (process {first.pid}); "
        "this study needs 1 CPU and waits; Ctrl-C ends it\n"
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_wait_and_leaves_nothing(study, endless, ledger, tmp_path, number, code):  # noqa: F811
    with endless(CPUS) as first:
        with begin(study(), tmp_path / "deep" / "second") as second:
            read_until(WAITS, second.stderr)
            second.send_signal(number)
            second.communicate(timeout=60)
        assert second.returncode == code
        assert not (tmp_path / "deep").exists()
        assert first.poll() is None
        assert len(list(ledger.glob("lease-*"))) == 1


def test_a_study_in_a_folder_waits_and_is_as_it_was(study, endless, tmp_path):  # noqa: F811
    out = tmp_path / "second"
    assert call("run", study(), "--out", out).returncode == 0
    before = events_of(out)
    with endless(CPUS):
        command = [TOY, "resume", str(out), "--num-samples", "6"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as second:
            read_until(WAITS, second.stderr)
            second.send_signal(signal.SIGINT)
            second.communicate(timeout=60)
        assert second.returncode == 130
    assert events_of(out) == before
    done = call("resume", out, "--num-samples", 6)
    assert done.returncode == 0, done.stderr


def test_what_can_never_be_is_not_waited_for(study, endless, tmp_path):  # noqa: F811
    with endless(CPUS):
        with begin(study(cpus=CPUS + 2), tmp_path / "second") as second:
            said = ends_well(second)
    assert f"takes {CPUS + 2} CPUs beside that, as it is to have more than there are" in said


def test_studies_begun_at_once_do_not_both_take_all(study, ledger, tmp_path):  # noqa: F811
    path = study(space=WELL | {"pace_ms": 20}, num_samples=2, cpus=CPUS)
    outs = [tmp_path / f"out{i}" for i in range(4)]
    with contextlib.ExitStack() as all_ended:
        runs = [all_ended.enter_context(begin(path, out)) for out in outs]
        for run in runs:
            ends_well(run)
    times = sorted((events[0]["time"], events[-1]["time"]) for events in map(events_of, outs))
    assert all(before[1] <= after[0] for before, after in zip(times, times[1:]))
    assert [p.name for p in ledger.iterdir()] == ["lock"]


def test_another_ledger_is_another_machine(study, endless, tmp_path, monkeypatch):  # noqa: F811
    with endless(CPUS):
        monkeypatch.setenv("TROUPE_LEDGER", str(tmp_path / "other"))
        with begin(study(), tmp_path / "second") as second:
            assert "held by" not in ends_well(second)


@pytest.mark.skipif(CPUS < 2, reason="a study for each of two CPUs")
def test_studies_that_may_run_on_different_cpus_do_not_meet(study, endless, tmp_path):  # noqa: F811
    one, other = sorted(os.sched_getaffinity(0))[:2]
    path = without_cpus(study(space=behaving("wait"), num_samples=1))
    with running(path, tmp_path / "first", before=["taskset", "-c", str(one)]) as first:
        read_until("trial_started", first.stdout)
        path = without_cpus(study())
        with begin(path, tmp_path / "other", preexec_fn=lambda: os.sched_setaffinity(0, {other})) as second:
            assert "held by" not in ends_well(second)
        with begin(path, tmp_path / "same", preexec_fn=lambda: os.sched_setaffinity(0, {one})) as third:
            read_until("1 of 1 CPU is held", third.stderr)
            third.kill()
        first.kill()


@pytest.fixture
def two_gpus(monkeypatch):
    """A machine with two GPUs, on which nothing runs."""
    driver = os.environ.get("DRIVER")
    if not driver:
        pytest.skip("no toy driver")
    monkeypatch.setenv("LD_LIBRARY_PATH", driver)
    monkeypatch.setenv("TOY_GPUS", "2")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_a_gpu_is_held_by_one_study(study, two_gpus, tmp_path, monkeypatch):  # noqa: F811
    few = {"resources": {"cpu": 0, "gpu": 1}}  # nor do they ask for CPUs
    waiting = study(space=behaving("wait"), num_samples=1, gpus=1, **few)
    with holding(waiting, tmp_path / "first") as first:
        held = f"GPU 0 is held by the study in {tmp_path / 'first'} (process {first.pid})"
        with begin(study(**few), tmp_path / "rest") as second:
            assert f"{held}; this study takes GPU 1\n" in ends_well(second)
        with begin(study(**few), tmp_path / "that", "--device", "cuda:0") as third:
            assert f"{held}; this study needs GPU 0 and {WAITS}\n" in third.stderr.readline()
            third.kill()
        with begin(study(resources={"cpu": 0.5}), tmp_path / "none") as fourth:
            assert "held by" not in ends_well(fourth)
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")  # where it is device 0
        with begin(study(**few), tmp_path / "other") as fifth:
            assert "held by" not in ends_well(fifth)


def test_fractions_of_a_gpu_are_the_matter_of_one_study(study, two_gpus, tmp_path):  # noqa: F811
    few = {"cpus": 0.2, "resources": {"cpu": 0.1, "gpu": 0.5}}
    with holding(study(space=behaving("wait"), num_samples=1, **few), tmp_path / "first") as first:
        with begin(study(**few), tmp_path / "second") as second:
            said = second.stderr.readline()
            first.send_signal(signal.SIGTERM)
            ends_well(second)
    assert "and GPUs 0 and 1 are held by" in said
    assert "needs 0.2 CPUs and 1 GPU and waits" in said


def link(ledger):
    (ledger.parent / "elsewhere").mkdir(mode=0o700)
    ledger.symlink_to("elsewhere")


def open_to_others(ledger):
    ledger.mkdir(mode=0o755)
    ledger.chmod(0o755)


def somebody_elses(ledger):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    ledger.mkdir(mode=0o700)
    os.chown(ledger, 12345, 12345)


def lock_is_a_folder(ledger):
    ledger.mkdir(mode=0o700)
    (ledger / "lock").mkdir()


UNUSABLE = [
    (link, "is a link, or no folder"),
    (lambda ledger: ledger.write_text("x"), "is a link, or no folder"),
    (open_to_others, "is open to others; close it with chmod 700"),
    (somebody_elses, "belongs to somebody else"),
    (lock_is_a_folder, "cannot be written to: Is a directory"),
    (lambda ledger: ledger.parent.rmdir(), "cannot be made: No such file or directory"),
]


@pytest.mark.parametrize(("make", "why"), UNUSABLE)
def test_a_study_does_without_a_ledger_that_cannot_be_used(study, ledger, tmp_path, make, why):  # noqa: F811
    make(ledger)
    with begin(study(), tmp_path / "out") as run:
        said = ends_well(run)
    assert said.count(f"warning: {ledger} {why}; so this study does not see") == 1


def test_what_is_no_lease_harms_nothing(study, ledger, tmp_path):  # noqa: F811
    ledger.mkdir(mode=0o700)
    letter = tmp_path / "letter"
    letter.write_text("dear")
    (ledger / "lease-1-0").write_text("x" * 100_000 + "\n")
    (ledger / "lease-link").symlink_to(letter)
    (ledger / "lease-folder").mkdir()
    os.mkfifo(ledger / "lease-pipe")
    (ledger / "other").write_text("mine")
    with open(ledger / "lease-held", "w") as held:
        held.write('{"pid": 1, "study": 3, "cpus": "all"}' + "\x00\xff" * 1000)
        held.flush()
        whole = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        fcntl.fcntl(held, fcntl.F_OFD_SETLK, whole)
        with begin(study(), tmp_path / "out") as run:
            assert "held by" not in ends_well(run)
    names = {"lease-link", "lease-folder", "lease-pipe", "lease-held", "other", "lock"}
    assert {p.name for p in ledger.iterdir()} == names
    assert letter.read_text() == "dear"
