"""Kills commands at random moments, and looks whether what they left is what was promised."""

import json
import os
import random
import re
import signal
import subprocess
import tempfile

from faults import check_database, leftovers
from toys import TOY, call, events_of

# SIGKILL most of the time: the others let the program wind up.
BLOWS = [signal.SIGKILL] * 5 + [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def kills_of_each(cases, least=2):
    """How many times each of so many tests kills: CRASH_KILLS, if it is given, is what all do."""
    return max(least, -(-int(os.environ.get("CRASH_KILLS", "0")) // cases))


def interrupt_after(command, reports):
    """Runs a command that prints events, and sends it SIGINT when it has told of so many reports."""
    process = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    for line in process.stdout:
        reports -= json.loads(line)["kind"] == "trial_reported"
        if reports == 0:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130


class Assailant:
    """Runs commands and kills most of them; what they had said before is kept."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.kills = 0

    def run(self, *arguments, span=None):
        """Runs the toy, for at most a random part of `span` seconds; returns what came of it.

        `killed` is whether it was struck while it ran, `lines` what it had printed by then.
        """
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen([TOY, *map(str, arguments)], stdout=out, stderr=said)
            killed = False
            try:
                process.wait(self.chance.uniform(0, span) if span else 120)
            except subprocess.TimeoutExpired:
                assert span, "the program hangs"
                blow = self.chance.choice(BLOWS)
                process.send_signal(blow)
                process.wait(120)
                killed = process.returncode in {-blow, 128 + blow}
                self.kills += killed
            out.seek(0)
            said.seek(0)
            done = subprocess.CompletedProcess(
                arguments, process.returncode, out.read(), said.read()
            )
        assert killed or done.returncode in {0, 2, 10, 11}, done.stderr
        done.killed = killed
        done.lines = done.stdout.splitlines(keepends=True)
        return done


def acknowledged(done):
    """The events that a command has printed, if with --events, in whole lines."""
    return [json.loads(line) for line in done.lines if line.startswith('{"seq"') and line[-1] == "\n"]


def outcome_of(folder):
    """What a study has come to, without times."""
    trials = json.loads((folder / "summary.json").read_text())["trials"]
    return [{key: t[key] for key in ("id", "state", "config", "iterations", "metrics")} for t in trials]


def check_reports(events):
    """Every trial reports each of its iterations once, in order, from where it was or was put."""
    reached = {}
    for e in events:
        if e["kind"] == "trial_exploited":
            reached[e["trial"]] = e["iteration"]
        if e["kind"] == "trial_reported":
            assert e["iteration"] == reached.get(e["trial"], 0) + 1, e
            reached[e["trial"]] = e["iteration"]


def numbers_on_disk(folder, trial):
    return [int(c.name[-6:]) for c in (folder / "trials" / trial).glob("checkpoint_*")]


def check_handed_on(folder, events):
    """Whatever a trial took over is on the disk until there is a later one of its own.

    A study that is resumed first does what was decided, and says then what it has not found.
    """
    needed, taken = {}, {}
    lost = {(e["trial"], e["checkpoint"]) for e in events if e["kind"] == "checkpoint_lost"}
    live = [e["seq"] for e in events if e["kind"] in {"trial_started", "trial_reported"}]
    for e in events:
        if e.get("takes") is not None:
            taken[e["trial"]] = e["takes"]
        if e["kind"] == "trial_exploited":
            needed[e["trial"]] = (e, taken.get(e["trial"], -1))
        if e["kind"] in {"checkpoint_saved", "trial_ended"}:
            needed.pop(e["trial"], None)
    for e, last in needed.values():
        if max(numbers_on_disk(folder, e["trial"]), default=-1) > last:
            continue
        if (e["donor"], e["checkpoint"]) in lost or e["seq"] > live[-1]:
            continue
        state = folder / "trials" / e["donor"] / f"checkpoint_{e['checkpoint']:06}" / "state.txt"
        assert state.exists(), e
        assert state.read_text() == str(e["iteration"]), e


def check_saved(folder, events):
    """What was saved was not lost, and of each trial what it saved last, or a later one, is there."""
    saved = {(e["trial"], e["checkpoint"]) for e in events if e["kind"] == "checkpoint_saved"}
    for trial, last in dict(sorted(saved)).items():
        assert max(numbers_on_disk(folder, trial), default=-1) >= last, trial
    assert not [
        e for e in events if e["kind"] == "checkpoint_lost" and (e["trial"], e["checkpoint"]) in saved
    ]


def check_decisions(folder):
    done = call("verify", folder)
    assert re.fullmatch(r"0 of \d+ decisions? differ\n", done.stdout), done.stdout + done.stderr


def check_journal(folder, heard):
    """After a kill: the journal is whole, has what was heard of it, and decides as it did."""
    if not (folder / "study.db").exists():
        assert not heard
        return []
    check_database(folder)
    events = events_of(folder)
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert heard == [events[e["seq"] - 1] for e in heard]
    check_reports(events)
    check_handed_on(folder, events)
    if events:
        check_decisions(folder)
    return events


def check_end(folder, heard):
    """At the end: nothing is wrong, missing, or left over."""
    events = check_journal(folder, heard)
    assert events[-1]["kind"] == "study_ended"
    check_saved(folder, events)
    assert not [e for e in events if e["kind"] == "trial_failed"]
    doctor = call("doctor", folder)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "nothing wrong" in doctor.stdout + doctor.stderr
    assert leftovers(folder) == []
    return events


def survive(assailant, file, folder, span, blows):
    """Lets a study be killed up to `blows` times, and then end; returns its events."""
    heard, events = [], []
    for blow in range(blows + 1):
        goes_on = events and assailant.chance.random() < 0.5
        words = ["resume", folder] if goes_on else ["run", file, "--out", folder, "--resume"]
        done = assailant.run(*words, "--events", span=span if blow < blows else None)
        heard += acknowledged(done)
        if not done.killed:
            assert done.returncode == 0, done.stderr
            break
        events = check_journal(folder, heard)
    return check_end(folder, heard)


def check_no_step_is_lost(events):
    """No step of a trial is lost or done twice, however often it pauses; returns how far each has come."""
    where = {}
    for e in events:
        if e["kind"] == "trial_reported":
            assert e["iteration"] == where.get(e["trial"], 0) + 1
            where[e["trial"]] = e["iteration"]
        elif e["kind"] == "trial_started":
            assert e["from_iteration"] == where.get(e["trial"], 0)
    return where
