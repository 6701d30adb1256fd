"""Who reads a study's folder beside its writer, after the writer's death, or after damage (TOY)."""

import json
import random
import shutil
import signal
import subprocess
import time

from toys import TOY, behaving, call, study  # noqa: F401  # study is a fixture


def read(folder):
    """The events so far; none if the study has not begun."""
    done = call("events", folder)
    if done.returncode == 4 and "holds no study" in done.stderr:
        return []
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_events_are_read_beside_a_running_study(study, tmp_path):  # noqa: F811
    command = [TOY, "run", study(num_samples=80), "--out", str(tmp_path / "out")]
    seen = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            now = read(tmp_path / "out")
            assert now[: len(seen)] == seen
            seen = now
    assert running.returncode == 0
    assert read(tmp_path / "out")[-1]["kind"] == "study_ended"


def test_events_are_read_while_others_ask_and_tell(study, tmp_path):  # noqa: F811
    path, out = study(num_samples=1000), tmp_path / "out"
    loop = f'for i in 0 1 2 3 4 5 6 7 8 9; do "{TOY}" ask "{path}" --dir "{out}" >/dev/null && "{TOY}" tell "{out}" $i 0.5; done'
    with subprocess.Popen(["bash", "-ec", loop]) as asking:
        while asking.poll() is None:
            read(out)
    assert asking.returncode == 0
    assert sum(e["kind"] == "trial_ended" for e in read(out)) == 10


def test_events_are_read_after_a_run_was_killed_whenever_that_was(study, tmp_path):  # noqa: F811
    rng = random.Random(7)
    for i in range(12):
        out = tmp_path / str(i)
        command = [TOY, "run", study(space=behaving("well"), num_samples=2000), "--out", str(out)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            while not (out / "study.db").exists():
                time.sleep(0.001)
            while len(read(out)) < rng.randrange(400):
                pass
            running.send_signal(signal.SIGKILL)
        events = read(out)
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))


def test_damage_is_never_taken_for_a_study_that_failed(study, tmp_path):  # noqa: F811
    rng = random.Random(23)
    path, whole = study(num_samples=3), tmp_path / "whole"
    call("ask", path, "--dir", whole)
    call("ask", path, "--dir", whole)
    call("tell", whole, "00000", "0.5")
    for i in range(60):
        out = tmp_path / f"damaged {i}"
        shutil.copytree(whole, out)
        damaged = out / rng.choice(["study.db", "study.db", "study.db", "study.json"])
        content = bytearray(damaged.read_bytes())
        if rng.random() < 0.3:
            del content[rng.randrange(len(content)) :]
        for _ in range(rng.choice([1, 10, 1000])):
            if content:
                content[rng.randrange(len(content))] = rng.randrange(256)
        damaged.write_bytes(bytes(content))
        for words, allowed in (
            (["events", out], {0, 4}),
            (["ask", path, "--dir", out], {0, 2, 4, 10, 11}),
            (["tell", out, "00001", "0.5"], {0, 2, 4}),
        ):
            done = call(*words)
            assert done.returncode in allowed, (i, damaged, words, done)
            if done.returncode == 4:
                assert str(out) in done.stderr
