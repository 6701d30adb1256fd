"""Speaking to a study that runs: pause, continue, stop, retry, enqueue, set (program in TOY)."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess

import pytest

from toys import TOY, behaving, call, events_of, read_until, running, study  # noqa: F401  # study is a fixture

PATIENT = {"x": {"uniform": [0, 1]}, "epochs": 1_000_000, "pace_ms": 1}


def told(*arguments):
    """What a command says that does what it is told."""
    done = call(*arguments)
    assert (done.returncode, done.stdout) == (0, ""), done
    return done.stderr


def refused(*arguments, code=2):
    done = call(*arguments)
    assert (done.returncode, done.stdout) == (code, ""), done
    assert done.stderr.startswith("troupe: error: ")
    return done.stderr.removeprefix("troupe: error: ").strip()


@contextlib.contextmanager
def living(run):
    """A run that does not outlive its test, whatever that finds."""
    with run:
        try:
            yield run
        finally:
            run.kill()


def kinds(events):
    return [e["kind"] for e in events]


def in_order(text, *parts):
    at = -1
    for part in parts:
        at = text.find(part, at + 1)
        assert at >= 0, f"{part} is missing or too early in: {text}"


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_a_paused_study_gives_back_what_it_has_and_goes_on_as_it_was(study, tmp_path, isolation):
    out = tmp_path / "out"
    path = study(space=PATIENT, num_samples=3, isolation=isolation)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout, 2)
        read_until("trial_reported", run.stdout, 5)
        in_order(told("pause", out), "paused: nothing starts; 2 trials that run now leave", f"continue {out}")
        read_until('"trial_held"', run.stdout, 2)
        status = json.loads(call("status", out, "-f", "json").stdout)
        assert (status["state"], status["running"]) == ("paused", 0)
        assert status["pending"] >= 2
        assert told("pause", out).startswith("paused: nothing starts\n")  # again
        assert told("continue", out) == "the study goes on\n"
        read_until('"trial_started"', run.stdout, 2)
        read_until('"trial_reported"', run.stdout, 2)
        assert "stops all trials" in told("stop", out)
        run.stdout.read()
        assert run.wait(60) == 130
    events = events_of(out)
    held = [e for e in events if e["kind"] == "trial_held"]
    again = [e for e in events if e["kind"] == "trial_started" and e["attempt"] == 2]
    assert {(e["trial"], e["iteration"]) for e in held} == {(e["trial"], e["from_iteration"]) for e in again}
    stopping = next(e for e in events if e["kind"] == "study_stopping")
    assert (stopping["reason"], stopping["reason_kind"]) == ("interrupted by `troupe stop`", "interrupted")
    assert next(e for e in events if e["kind"] == "study_paused")["by"] == "troupe pause"
    assert call("verify", out).returncode == 0
    assert not (out / ".control").exists()


def test_what_makes_no_checkpoints_runs_to_its_end(study, tmp_path):
    out = tmp_path / "out"
    go = tmp_path / "go"
    script = f"echo loss=1; while [ ! -e {go} ]; do sleep 0.01; done; echo loss=0.5"
    path = study(
        trainable={"command": ["sh", "-c", script], "metrics": {"loss": "loss=(.*)"}},
        num_samples=2,
        max_concurrent=1,
    )
    with living(running(path, out)) as run:
        read_until("trial_reported", run.stdout)
        assert "1 of them has made none so far: what makes none runs to its end" in told("pause", out)
        go.touch()
        read_until('"trial_ended"', run.stdout)
        assert json.loads(call("status", out, "-f", "json").stdout)["state"] == "paused"
        told("continue", out)
        run.stdout.read()
        assert run.wait(60) == 0
    assert kinds(events_of(out)).count("trial_ended") == 2


def test_a_study_that_is_killed_while_it_is_paused_goes_on(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=PATIENT | {"epochs": 300}, num_samples=2)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout, 2)
        read_until("trial_reported", run.stdout, 3)
        told("pause", out)
        read_until('"trial_held"', run.stdout, 2)
        run.kill()
    assert (out / ".control").exists()  # which the next one replaces
    assert "nobody runs this study" in refused("continue", out, code=4)
    with living(running_on(out)) as run:
        read_until("trial_reported", run.stdout)
        told("pause", out)
        told("continue", out)
        run.stdout.read()
        assert run.wait(60) == 0
    events = events_of(out)
    for trial in ("00000", "00001"):
        made = [e["iteration"] for e in events if e["trial"] == trial and e["kind"] == "trial_reported"]
        assert made == list(range(1, 301))
    assert call("verify", out).returncode == 0


def running_on(out):
    return subprocess.Popen(
        [TOY, "resume", str(out), "--events"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def test_one_trial_is_stopped_and_counts(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=PATIENT, num_samples=2)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout, 2)
        read_until("trial_reported", run.stdout, 5)
        assert "trial 00001 is stopped" in told("stop", out, "1")
        read_until('"trial_ended"', run.stdout)
        assert refused("stop", out, "1") == "trial 00001 has ended already: it is stopped"
        assert refused("stop", out, "7").startswith('there is no trial "7"')
        told("stop", out)
        run.stdout.read()
        assert run.wait(60) == 130
    ended = {e["trial"]: e for e in events_of(out) if e["kind"] == "trial_ended"}
    assert ended["00001"]["reason"] == "stopped by `troupe stop`"
    assert (ended["00001"]["state"], ended["00001"]["reason_kind"]) == ("stopped", "by_hand")
    assert ended["00000"]["state"] == "interrupted"


def test_a_failed_trial_is_tried_again(study, tmp_path):
    out = tmp_path / "out"
    path = study(space={"x": 0.5, "behaviour": {"grid_search": ["throw", "wait"]}}, num_samples=1)
    with living(running(path, out)) as run:
        read_until('"trial_failed"', run.stdout)
        read_until('"trial_ended"', run.stdout)
        assert refused("retry", out, "1").startswith("trial 00001 has not failed: it is ")
        assert told("retry", out, "0") == "trial 00000 is tried again\n"
        read_until('"trial_failed"', run.stdout)
        read_until('"trial_ended"', run.stdout)
        told("retry", out, "0")  # whose files the recorder has closed
        read_until('"trial_ended"', run.stdout)
        told("stop", out)
        run.stdout.read()
        assert run.wait(60) == 130
    first = [e for e in events_of(out) if e["trial"] == "00000"]
    assert kinds(first).count("trial_retried") == 2
    assert [e["attempt"] for e in first if e["kind"] == "trial_started"] == [1, 2, 3]
    error = (out / "trials/00000/error.txt").read_text()
    assert error.count("far down below") == 3
    assert call("doctor", out).returncode == 0
    assert call("verify", out).returncode == 0


def test_configurations_are_enqueued_and_limits_changed(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=PATIENT | behaving("wait"), num_samples=2, max_concurrent=1)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout)
        first = call("enqueue", out, '{"x": 0.25}')
        assert (first.returncode, first.stderr) == (0, ""), first
        assert told("set", out, "num_samples=4", "max_concurrent=null") == (
            "num_samples is 4 now, max_concurrent is what fits now\n"
        )
        read_until('"trial_started"', run.stdout)  # the second
        done = call("enqueue", out, '{"x": 0.125}')
        assert done.returncode == 0, done
        assert int(done.stdout) > int(first.stdout)
        assert "lr: unknown parameter" in refused("enqueue", out, '{"lr": 0.125}')
        told("stop", out)
        run.stdout.read()
        assert run.wait(60) == 130
    events = events_of(out)
    added = next(e for e in events if e["kind"] == "trial_added" and e["trial"] == f"{int(done.stdout):05}")
    assert (added["config"]["x"], added["by"]) == (0.125, "troupe enqueue")
    on_top = [e for e in events if e["kind"] == "trial_added" and "by" in e and "within" not in e]
    assert kinds(events).count("trial_added") <= 4 + len(on_top)
    resumed = call("resume", out, "--set", "num_samples=5", "--set", "time_budget_s=0.001", "--json")
    assert len(json.loads(resumed.stdout)["trials"]) <= 5 + len(on_top)
    limits = [e["limits"] for e in events_of(out) if "limits" in e]
    assert [x["num_samples"] for x in limits] == [4, 5]  # and what was set stays when it goes on
    assert limits[-1]["max_concurrent"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["set", "OUT", "num_samples=0"], "num_samples: must be a whole number from 1 on; found 0"),
        (["set", "OUT", "num_samples=many"], "num_samples: must be a whole number from 1 on; found many"),
        (
            ["set", "OUT", "max_concurrent=-1"],
            "max_concurrent: must be a whole number from 1 on, or null for as many as fit; found -1",
        ),
        (["set", "OUT", "max_concurrent"], "max_concurrent: give it a value, as in max_concurrent=8"),
        (["set", "OUT", "num_sample=3"], 'num_sample: nothing of this name can be changed while a study runs; did you mean "num_samples"?'),
        (["set", "OUT", "time_budget_s=3"], "time_budget_s: cannot be changed while the study runs; `troupe_toy stop OUT`, then `troupe_toy resume OUT --set time_budget_s=JSON`"),
        (["enqueue", "OUT", "{"], "CONFIG: column 2:"),
        (["enqueue", "OUT", "[1]"], """CONFIG: must be an object, as in '{"lr": 0.01}'; found [1]"""),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(study, tmp_path, arguments, said):
    out = tmp_path / "out"
    assert call("run", study(), "--out", out).returncode == 0
    words = [str(out) if a == "OUT" else a for a in arguments]
    assert said.replace("OUT", str(out)) in refused(*words)


def test_a_study_that_does_not_run_says_what_to_do(study, tmp_path):
    out = tmp_path / "out"
    assert call("run", study(), "--out", out).returncode == 0
    for words in (["pause", out], ["continue", out], ["stop", out], ["stop", out, "1"], ["enqueue", out, "{}"]):
        said = refused(*words, code=4)
        assert said == (
            f"{out}: nobody runs this study; `troupe status {out}` says how far it is, "
            f"`troupe resume {out}` lets it go on"
        )
    assert "holds no study" in refused("pause", tmp_path / "nothing", code=4)
    asked = tmp_path / "asked"
    assert call("ask", study(), "--dir", asked).returncode == 0
    assert "its trials are trained by those that ask for them" in refused("stop", asked, code=4)


def test_the_socket_is_for_its_owner_and_harmless_to_the_study(study, tmp_path):
    out = tmp_path / ("long" * 40) / "out"  # longer than a socket's address
    path = study(space=PATIENT, num_samples=2)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout, 2)
        assert stat.S_IMODE((out / ".control").stat().st_mode) == 0o600
        for text in (b"", b"\n", b"nonsense\n", b"[]\n", b"{}\n", b'{"do": 7}\n', b'{"do": "dance"}\n',
                     b'{"do": "stop", "trial": -1}\n', b'{"do": "set", "num_samples": 0}\n',
                     b"x" * (3 << 20), b'{"do": "pause"'):  # fmt: skip
            with connected(out) as one:
                try:
                    one.sendall(text)
                    one.shutdown(socket.SHUT_WR)
                    answer = one.makefile().readline()
                except BrokenPipeError:
                    continue
                assert answer == "" or "error" in json.loads(answer), (text, answer)
        with connected(out):  # who says nothing
            told("pause", out)
        read_until('"trial_held"', run.stdout, 2)
        told("stop", out)
        run.stdout.read()
        assert run.wait(60) == 130


def connected(out):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    folder = os.open(out, os.O_PATH)
    try:
        one.connect(f"/proc/self/fd/{folder}/.control")
    finally:
        os.close(folder)
    one.settimeout(30)
    return one


def test_something_else_in_the_place_of_the_socket_is_left_alone(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=PATIENT, num_samples=2)
    with living(running(path, out)) as run:
        read_until("trial_reported", run.stdout)
        run.kill()
    (out / ".control").unlink()
    (out / ".control").write_text("mine")
    resumed = call("resume", out, "--set", "time_budget_s=0.001")
    assert "warning: `troupe stop` and its like do not reach this study" in resumed.stderr
    assert (out / ".control").read_text() == "mine"


def test_a_study_may_be_stopped_by_both_and_says_so_once(study, tmp_path):
    out = tmp_path / "out"
    path = study(space=PATIENT | behaving("hang"), num_samples=2)
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout)
        told("stop", out)
        assert refused("stop", out) == "the study is ending already"
        assert refused("pause", out) == "the study winds up"
        run.send_signal(signal.SIGINT)  # the second wish leaves at once
        run.stdout.read()
        assert run.wait(60) == 130
