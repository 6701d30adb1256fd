"""Trials that are programs which speak Troupe's protocol: they pause, go on, and misbehave."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from commands import (  # noqa: F401  # study and marker are fixtures
    log_of,
    marker,
    only_error,
    python,
    run,
    shell,
    study,
    wait_until_gone,
)
from crashes import check_no_step_is_lost, outcome_of
from faults import INJECTOR, check_sound, copies
from test_faults import sweep
from toys import TOY, call, events_of, read_until, running

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/command"
PROTOCOL = {"protocol": True, "env": {"PYTHONPATH": str(EXAMPLES), "PYTHONDONTWRITEBYTECODE": "1"}}
PROMOTION = {"name": "asha", "variant": "promotion", "max_t": 9, "grace_period": 1, "reduction_factor": 3}
PBT = {
    "name": "pbt",
    "time_attr": "training_iteration",
    "perturbation_interval": 2,
    "hyperparam_mutations": {"x": {"uniform": [0, 1]}},
}

# Members that wait for each other: else the first may be at its end before the last has begun.
TOGETHER = ("--set", "scheduler/synch=true")

# Counts its steps in its checkpoint, looks whether that is the one of its iteration, and how it came there.
COUNTING = """
import json, os, pathlib, sys, time, troupe_client
last, pause = int(sys.argv[1]), float(sys.argv[2])
trial = troupe_client.Trial()
steps = []
if trial.checkpoint:
    steps = json.loads((pathlib.Path(trial.checkpoint) / "inside/steps.json").read_text())
    assert not (pathlib.Path(trial.checkpoint) / "metadata.json").exists()
assert len(steps) == trial.iteration, (steps, trial.iteration)
print("begins at", trial.iteration, flush=True)
for step in range(trial.iteration + 1, last + 1):
    time.sleep(pause)
    steps.append([trial.trial, trial.config["x"]])
    folder = trial.new_checkpoint()
    inside = pathlib.Path(folder) / "inside"
    inside.mkdir()
    (inside / "steps.json").write_text(json.dumps(steps))
    if not trial.report({"loss": trial.config["x"] + 1 / step, "sum": sum(x for _, x in steps)}, folder):
        print("ends to", trial.decision, flush=True)
        break
"""


def counting(last=9, pause=0.0):
    return python(COUNTING, str(last), str(pause))


def of_kind(events, kind):
    return [e for e in events if e["kind"] == kind]


def steps_of(folder):
    return json.loads((folder / "inside/steps.json").read_text())


def check_nothing_is_left(out):
    """Neither half-made checkpoints nor work folders; and the doctor agrees."""
    assert [*out.glob("trials/*/.*"), *out.glob(".troupe_work_*")] == []
    done = call("doctor", out)
    assert done.returncode == 0, done.stdout + done.stderr


def check_checkpoints(out):
    """Each trial has one, unless a kill came before, and all are of the iteration that the journal says."""
    brought, lost = {}, set()
    for e in events_of(out):
        if e["kind"] == "checkpoint_lost":
            lost.add(e["trial"])
        if e["kind"] in {"trial_reported", "checkpoint_taken"}:
            brought[e["trial"], e.get("takes", e.get("checkpoint"))] = e["iteration"]
    for trial in {trial for trial, _ in brought}:
        folders = list((out / "trials" / trial).glob("checkpoint_*"))
        assert folders or trial in lost
        for folder in folders:
            iteration = brought[trial, int(folder.name.removeprefix("checkpoint_"))]
            assert len(steps_of(folder)) == iteration
            assert json.loads((folder / "metadata.json").read_text())["iteration"] == iteration


def test_promoted_trials_go_on_from_their_checkpoints(study, tmp_path):
    out = tmp_path / "out"
    path = study(counting(), PROTOCOL, scheduler=PROMOTION, num_samples=9)
    code, results, said = run(path, out)
    assert code == 0, said
    events = events_of(out)
    where = check_no_step_is_lost(events)
    assert of_kind(events, "trial_paused")
    assert max(where.values()) == 9
    best = results["trials"].index(max(results["trials"], key=lambda t: t["iterations"]))
    log = log_of(out, best).decode()
    assert [line for line in log.splitlines() if line.startswith("begins")] == [
        "begins at 0",
        "begins at 1",
        "begins at 3",
    ]
    assert "ends to pause" in log
    check_checkpoints(out)
    check_nothing_is_left(out)
    done = call("verify", out)
    assert done.returncode == 0, done.stdout


def lineages(events):
    """Who made each step of what each trial has come to, as the journal says."""
    steps, origin, brought = {}, {}, {}
    for e in events:
        trial = e["trial"]
        if e["kind"] == "trial_started":
            steps[trial] = list(origin.get(trial, []))
        elif e["kind"] == "trial_reported":
            steps[trial].append(trial)
            origin[trial] = brought[trial, e["takes"]] = list(steps[trial])
        elif e["kind"] == "trial_exploited":
            origin[trial] = brought[e["donor"], e["checkpoint"]]
    return steps


def test_in_a_population_the_worst_go_on_from_the_donors_checkpoint(study, tmp_path):
    out = tmp_path / "out"
    path = study(counting(12), PROTOCOL, scheduler=PBT, num_samples=4, cpus=4, seed=3)
    code, results, said = run(path, out, *TOGETHER)
    assert code == 0, said
    events = events_of(out)
    assert of_kind(events, "trial_exploited")
    expected = lineages(events)
    for trial in results["trials"]:
        assert (trial["state"], trial["iterations"]) == ("completed", 12)
        of_it = [e for e in events if e["trial"] == trial["id"]]
        last = [e for e in of_it if e["kind"] in {"trial_reported", "trial_exploited"}][-1]
        if last["kind"] == "trial_exploited":  # at the end, with nothing left to do
            continue
        steps = steps_of(out / "trials" / trial["id"] / f"checkpoint_{last['takes']:06}")
        assert [who for who, _ in steps] == expected[trial["id"]]
        assert steps[-1] == [trial["id"], trial["config"]["x"]]
    check_nothing_is_left(out)


def test_who_goes_on_with_nothing_left_to_do_is_completed(study, tmp_path):
    """It dies when its last report is on the disk."""
    dying = COUNTING + "assert trial.iteration == last\n"
    out = tmp_path / "out"
    code, results, said = run(study(python(dying, "3", "0"), PROTOCOL, max_failures=1), out)
    assert code == 0, said
    assert [(t["state"], t["iterations"]) for t in results["trials"]] == 3 * [("completed", 3)]


def test_a_trial_that_crashes_goes_on_from_its_last_checkpoint(study, tmp_path):
    crashing = COUNTING + """
    if trial.iteration < 3 == step:
        os.kill(os.getpid(), 11)
"""
    out = tmp_path / "out"
    path = study(python(crashing, "5", "0"), PROTOCOL, max_failures=1, num_samples=2)
    code, results, said = run(path, out)
    assert code == 0, said
    assert [(t["state"], t["iterations"]) for t in results["trials"]] == 2 * [("completed", 5)]
    assert {e["error"].split(":")[0] for e in of_kind(events_of(out), "trial_failed")} == {"killed by SIGSEGV"}
    assert log_of(out).decode().count("begins at 3\n") == 1
    check_nothing_is_left(out)


def test_after_a_kill_no_step_is_done_twice_whose_checkpoint_was_saved(study, tmp_path, marker):
    out = tmp_path / "out"
    trainable = PROTOCOL | {"env": PROTOCOL["env"] | {marker: "1"}}
    with running(study(counting(60, 0.05), trainable, num_samples=2), out) as one:
        read_until("checkpoint_saved", one.stdout, times=6)
        one.kill()
        one.communicate(timeout=60)
    assert wait_until_gone(marker) == []
    before = len(events_of(out))
    done = call("resume", out)
    assert done.returncode == 0, done.stderr
    events = events_of(out)
    saved = {e["trial"]: e["iteration"] for e in events[:before] if e["kind"] == "checkpoint_saved"}
    starts = {e["trial"]: e["from_iteration"] for e in of_kind(events[before:], "trial_started")}
    assert saved
    assert all(starts[trial] >= iteration > 0 for trial, iteration in saved.items())
    check_checkpoints(out)
    check_nothing_is_left(out)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scheduler", ["fifo", "promotion", "pbt"])
def test_a_killed_tuner_goes_on_from_the_checkpoints(study, tmp_path, marker, scheduler, seed):
    chosen = {"fifo": {"name": "fifo"}, "promotion": PROMOTION, "pbt": PBT}[scheduler]
    out = tmp_path / "out"
    trainable = PROTOCOL | {"env": PROTOCOL["env"] | {marker: "1"}}
    path = study(counting(9, 0.01), trainable, scheduler=chosen, num_samples=5, cpus=3, seed=seed)
    draw = random.Random(f"{scheduler}{seed}")
    words = ["run", path, "--out", out, "--resume"]
    for _ in range(3):
        with subprocess.Popen([TOY, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
            time.sleep(draw.uniform(0.05, 0.7))
            one.kill()
        assert wait_until_gone(marker) == []
    done = call(*words, "--json")
    assert done.returncode == 0, done.stderr
    check_checkpoints(out)
    check_nothing_is_left(out)
    done = call("verify", out)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("0 of ")


@pytest.mark.skipif(not INJECTOR, reason="the injector is not built")
def test_whatever_call_fails_a_study_goes_on_from_the_checkpoints(study, tmp_path, marker):
    trainable = PROTOCOL | {"env": PROTOCOL["env"] | {marker: "1", "LD_PRELOAD": ""}}
    content = {"scheduler": PROMOTION | {"max_t": 3}, "num_samples": 4, "max_concurrent": 1, "max_failures": 3}
    path = study(counting(3), trainable, durability="sync", **content)

    def begin(folder):
        return ["run", path, "--out", folder]

    undisturbed = tmp_path / "undisturbed"
    assert call(*begin(undisturbed)).returncode == 0

    def check(folder, done):
        assert wait_until_gone(marker) == []
        again = call(*begin(folder), "--resume")
        assert again.returncode == 0, again.stderr
        check_checkpoints(folder)
        check_nothing_is_left(folder)
        check_sound(folder)
        assert outcome_of(folder) == outcome_of(undisturbed)

    sweep(copies(None), begin, "protocol", check)


def test_ctrl_c_lets_programs_save_what_they_report(study, tmp_path, marker):
    """SIGTERM is ignored here: the message says so, and the report in between counts."""
    code = """
import json, os, signal, troupe_client
signal.signal(signal.SIGTERM, signal.SIG_IGN)
trial = troupe_client.Trial()
trial.report({"loss": 1}, trial.new_checkpoint())
print("ready", flush=True)
message = trial._hear("stop")
trial.report({"loss": 2}, trial.new_checkpoint())
print("told to", trial.decision, flush=True)
"""
    out = tmp_path / "out"
    trainable = PROTOCOL | {"env": PROTOCOL["env"] | {marker: "1"}}
    with running(study(python(code), trainable, num_samples=2), out) as one:
        read_until("trial_reported", one.stdout, times=2)
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
    assert one.returncode == 130
    assert log_of(out).endswith(b"ready\ntold to stop\n")
    ended = [e["state"] for e in of_kind(events_of(out), "trial_ended")]
    assert ended == ["interrupted", "interrupted"]
    check_nothing_is_left(out)


HELLO = 'echo \'{"type": "hello", "version": 1}\' >&3; read -r start <&3; '
REPORT = 'echo \'{"type": "report", "metrics": {"loss": 1}}\' >&3; read -r decision <&3; '


def misbehaving(script, **trainable):
    """The first trial runs the script, the others report and end."""
    begin = f'if [ $TROUPE_TRIAL != 00000 ]; then {HELLO}{REPORT} exit 0; fi\n'
    return shell(begin + script), {"protocol": True, "grace_s": 0.5} | trainable


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("exit 0", "exit code 0 without a report: it never said hello on descriptor TROUPE_FD"),
        (HELLO, "exit code 0 without a report: it said hello on descriptor TROUPE_FD, but nothing to judge"),
        (HELLO + "exit 3", "exit code 3; it printed nothing"),
        (HELLO + REPORT + "kill -SEGV $$", "killed by SIGSEGV; it printed nothing"),
        (REPORT + "sleep 1000", "the program's first message must be hello; the line: {"),
        ("echo '{\"type\": \"hello\", \"version\": 2}' >&3; sleep 1000", "the program speaks version 2 of the protocol, and this Troupe version 1"),
        (HELLO + "echo nonsense >&3; sleep 1000", "a message of the program: it is no JSON: "),
        (HELLO + "printf '{\"type\": \"log\", \"text\": \"\\377\"}\\n' >&3; sleep 1000", "a message of the program: it is no JSON: "),
        (HELLO + "echo '{\"type\": \"repot\"}' >&3; sleep 1000", 'unknown type "repot"; did you mean "report"?'),
        (HELLO + "echo '{\"type\": \"report\", \"metrics\": {}, \"extra\": 1}' >&3; sleep 1000", '"extra" is unknown'),
        (HELLO + "echo '{\"type\": \"report\", \"metrics\": {\"acc\": 1}}' >&3; read -r x <&3; sleep 1000", '"loss"'),
        (HELLO + "tr '\\0' x </dev/zero >&3", "a message of more than 1 MiB; large things belong in files"),
        (HELLO + f"while :; do {REPORT.split(';')[0]}; done", "the program does not read what it is told"),
        (HELLO + REPORT + "exec 3>&-; sleep 1000", "the program closed descriptor TROUPE_FD, and has not ended within 2 s"),
        (HELLO + "echo '{\"type\": \"error\", \"message\": \"no GPU is free\"}' >&3; sleep 1000", "no GPU is free"),
        (HELLO + "echo '{\"type\": \"report\", \"metrics\": {\"loss\": 1}, \"checkpoint\": \"none\"}' >&3; sleep 1000", 'the checkpoint "none" is no folder in '),
        (HELLO + "echo '{\"type\": \"report\", \"metrics\": {\"loss\": 1}, \"checkpoint\": \"../..\"}' >&3; sleep 1000", '"checkpoint" must be the name of a folder'),
        (HELLO + REPORT + 'printf \'{"type": "rep\' >&3', "a message of the program: it is no JSON: "),
    ],
)
def test_who_misbehaves_fails_alone(study, tmp_path, marker, script, error):
    out = tmp_path / "out"
    command, trainable = misbehaving(script, env={marker: "1"})
    code, results, _ = run(study(command, trainable), out)
    assert code == 3
    assert [t["state"] for t in results["trials"]] == ["failed", "completed", "completed"]
    assert error in only_error(out)
    check_nothing_is_left(out)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("sleep 1000", "the program has not said hello on descriptor TROUPE_FD within 1 s"),
        (HELLO + REPORT + "echo '{\"type\": \"heartbeat\"}' >&3; sleep 1000", "the program has sent nothing for 1 s, not even a heartbeat"),
    ],
)
def test_who_is_silent_fails_alone(study, tmp_path, marker, script, error):
    out = tmp_path / "out"
    command, trainable = misbehaving(script, env={marker: "1"}, silence_s=1)
    code, results, _ = run(study(command, trainable, num_samples=1), out)
    assert code == 1
    assert error in only_error(out)
    check_nothing_is_left(out)


def test_who_does_not_end_when_told_is_killed(study, tmp_path, marker):
    command, trainable = misbehaving("", env={marker: "1"})
    command = shell(HELLO + REPORT + 'echo "$decision"; sleep 1000')
    out = tmp_path / "out"
    code, results, _ = run(study(command, trainable, stop={"training_iteration": 1}), out)
    assert code == 0
    assert {t["state"] for t in results["trials"]} == {"stopped"}
    assert log_of(out) == b'{"type": "decision", "decision": "stop"}\n'
    check_nothing_is_left(out)


def test_output_is_no_report_and_wrappers_do_not_matter(study, tmp_path):
    script = "echo 'TROUPE {\"loss\": 7}'; env A=1 sh -c '" + (HELLO + REPORT).replace("'", "'\\''") + "'"
    out = tmp_path / "out"
    code, results, said = run(study(shell(script), {"protocol": True}), out)
    assert code == 0, said
    assert [(t["iterations"], t["metrics"]["loss"]) for t in results["trials"]] == 3 * [(1, 1)]


def test_log_and_progress_reach_their_places(study, tmp_path):
    script = HELLO + (
        "echo '{\"type\": \"progress\", \"fraction\": 0.5}' >&3\n"
        "echo '{\"type\": \"log\", \"text\": \"one\\\\ntwo\"}' >&3\n"
    ) + REPORT
    out = tmp_path / "out"
    code, _, said = run(study(shell(script), {"protocol": True}), out)
    assert code == 0, said
    assert log_of(out) == b"one\ntwo\n"


def test_a_study_is_refused_that_has_reports_from_elsewhere(study, tmp_path):
    for more, said in [
        ({"metrics": {"loss": "loss=(.*)"}}, "trainable/metrics: reports come by the protocol"),
        ({"metrics_file": "{TROUPE_TRIAL}.csv"}, "trainable/metrics_file: reports come by the protocol"),
        ({"protocol": False, "silence_s": 3}, "trainable/silence_s: is for programs that speak the protocol"),
        ({"protocol": "yes"}, "trainable/protocol: must be true or false"),
    ]:
        done = call("run", study(["true"], {"protocol": True} | more), "--out", tmp_path / "out")
        assert done.returncode == 2
        assert said in done.stderr


def test_a_checkpoint_is_kept_though_its_program_does_not_read_the_answer(study, tmp_path):
    script = HELLO + (
        "folder=$(printf %s \"$start\" | sed 's/.*\"folder\": \"\\([^\"]*\\)\".*/\\1/')\n"
        "mkdir $folder/a; echo x >$folder/a/x\n"
        "echo '{\"type\": \"report\", \"metrics\": {\"loss\": 1}, \"checkpoint\": \"a\"}' >&3\n"
    )
    out = tmp_path / "out"
    code, _, said = run(study(shell(script), {"protocol": True}), out)
    assert code == 0, said
    for trial in range(3):
        assert (out / f"trials/{trial:05}/checkpoint_000000/x").read_text() == "x\n"
    check_nothing_is_left(out)


def test_the_example_in_python_is_paused_and_resumed(tmp_path):
    out = tmp_path / "out"
    done = call("run", "examples/command/paused.json", "--out", out, "--json", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert {1, 27} <= {t["iterations"] for t in results["trials"]}
    assert results["best"]["metrics"]["loss"] < 0.1
    assert "going on after epoch 9" in log_of(out, int(results["best"]["id"])).decode()
    check_nothing_is_left(out)


@pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler")
def test_the_example_in_c_is_a_population(tmp_path):
    done = subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", tmp_path / "resumable", EXAMPLES / "resumable.c", "-lm"])
    assert done.returncode == 0
    out = tmp_path / "out"
    done = call("run", EXAMPLES / "population.json", *TOGETHER, "--out", out, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert {(t["state"], t["iterations"]) for t in results["trials"]} == {("completed", 40)}
    assert of_kind(events_of(out), "trial_exploited")
    check_nothing_is_left(out)


def test_the_example_for_a_shell_goes_on_after_a_pause(study, tmp_path):
    out = tmp_path / "out"
    path = study(["sh", str(EXAMPLES / "resumable.sh")], {"protocol": True}, scheduler=PROMOTION, num_samples=9)
    code, results, said = run(path, out)
    assert code == 0, said
    assert {(t["iterations"], t["metrics"]["loss"]) for t in results["trials"]} == {(1, 500), (3, 125), (9, 1)}
    check_nothing_is_left(out)


def checked(*command):
    """What docs/check_client.py says of a program."""
    arguments = [sys.executable, ROOT / "docs/check_client.py", "--config", '{"lr": 0.1}', *command]
    environment = os.environ | PROTOCOL["env"]
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, env=environment, timeout=120)
    return done.returncode, done.stdout.splitlines()[-1:] + done.stderr.splitlines()[-1:]


def test_the_examples_pass_the_check_of_clients(tmp_path):
    passed = (0, ["it speaks the protocol"])
    assert checked(sys.executable, EXAMPLES / "resumable.py")[0] == 0
    assert checked("sh", EXAMPLES / "resumable.sh")[0] == 0
    if shutil.which("cc"):
        subprocess.run(["cc", "-o", tmp_path / "resumable", EXAMPLES / "resumable.c", "-lm"], check=True)
        assert checked(tmp_path / "resumable", "0.1") == passed


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "where a message should come; exit code 3"),
        ("echo nonsense >&$TROUPE_FD; sleep 100", "it is no message: b'nonsense\\n'"),
        ("echo '{\"type\": \"hello\", \"version\": 1, \"more\": 1}' >&$TROUPE_FD; sleep 100", "{'more'} is unknown in"),
        ("echo '{\"type\": \"heartbeat\"}' >&$TROUPE_FD; sleep 100", "its first message must be hello"),
        ("echo '{\"type\": \"hello\", \"version\": 2}' >&$TROUPE_FD; sleep 100", "version must be 1"),
        (HELLO.replace("&3", "&$TROUPE_FD") + REPORT.replace("&3", "&$TROUPE_FD") * 2, "its second report has no checkpoint"),
    ],
)
def test_the_check_of_clients_says_what_is_wrong(script, said):
    code, last = checked("sh", "-c", script)
    assert code == 1
    assert said in last[-1]


def test_clients_are_short():
    for name in ["troupe_client.py", "resumable.py", "resumable.c", "resumable.sh"]:
        assert len((EXAMPLES / name).read_text().splitlines()) <= 100
