#!/usr/bin/env python3
"""Checks whether a program speaks Troupe's protocol (protocol.md), by playing Troupe.

    python3 docs/check_client.py [--config '{"lr": 0.1}'] COMMAND [ARGUMENT]...

Trains one trial: pauses it after two reports, goes on from its last checkpoint, stops it, and goes away
while it trains. What it could not have in a study is said, and ends with exit code 1. The program must
want to report three times or more.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

PATIENCE_S = 60
KEYS = {
    "hello": {"version"},
    "report": {"metrics", "checkpoint"},
    "progress": {"fraction"},
    "log": {"text"},
    "heartbeat": set(),
    "error": {"message", "reason_kind"},
}


class Fault(Exception):
    """What the program does that it should not, or does not do that it should."""


class Attempt:
    """One run of the program, from its start to its end."""

    def __init__(self, command, place, config):
        self.folder = Path(tempfile.mkdtemp(dir=place))
        self.config = config
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE_S)
        self.socket = ours
        self.lines = ours.makefile("rb")
        environment = os.environ | {"TROUPE_FD": str(theirs.fileno()), "TROUPE_TRIAL": "00000", "TROUPE_PARAMS": json.dumps(config)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=environment, start_new_session=True
        )
        theirs.close()

    def greet(self, iteration, checkpoint):
        """Hears its hello, and answers it."""
        hello = self.hear()
        if hello["type"] != "hello":
            raise Fault(f"its first message must be hello: {hello}")
        if hello["version"] != 1:
            raise Fault(f"version must be 1: {hello}")
        self.say(
            type="start", version=1, trial="00000", seed=7, iteration=iteration, checkpoint=checkpoint,
            folder=str(self.folder), devices=["cpu"], threads=1, of_a_later_version=[1], config=self.config,
        )  # fmt: skip

    def say(self, **message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def hear(self):
        """Returns the next message."""
        try:
            line = self.lines.readline()
        except TimeoutError:
            raise Fault(f"it said nothing for {PATIENCE_S} s") from None
        if not line:
            raise Fault(f"it has ended, or closed TROUPE_FD, where a message should come; exit code {self.process.wait()}")
        try:
            message = json.loads(line)
            unknown = set(message) - {"type"} - KEYS[message["type"]]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Fault(f"it is no message: {line!r}") from None
        if unknown:
            raise Fault(f"{unknown} is unknown in {message}")
        return message

    def next_report(self):
        """Returns the path of the checkpoint that the next report brings, None if it has none."""
        while (message := self.hear())["type"] != "report":
            if message["type"] in {"hello", "error"}:
                raise Fault(f"a report should come: {message}")
        if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in message["metrics"].values()):
            raise Fault(f"metrics are numbers: {message}")
        name = message.get("checkpoint")
        if name is None:
            return None
        if "/" in name or not (self.folder / name).is_dir() or (self.folder / name).is_symlink():
            raise Fault(f"{name!r} is no folder in {self.folder}")
        return self.folder / name

    def decide(self, decision):
        self.say(type="of_a_later_version")
        self.say(type="decision", decision=decision)

    def expect_end(self, why):
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise Fault(f"it has not ended within {PATIENCE_S} s after {why}") from None

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def check(command, config, place):
    attempts = []

    def begin(iteration=0, checkpoint=None):
        attempts.append(Attempt(command, place, config))
        attempts[-1].greet(iteration, checkpoint)
        return attempts[-1]

    try:
        first = begin()
        first.next_report()
        first.decide("continue")
        checkpoint = first.next_report()
        if checkpoint is None:
            raise Fault("its second report has no checkpoint, so it could not be paused")
        kept = str(shutil.move(checkpoint, Path(place) / "kept"))
        first.decide("pause")
        first.expect_end("it was told to pause")

        second = begin(2, kept)
        second.next_report()
        second.decide("stop")
        second.expect_end("it was told to stop")

        third = begin()
        third.say(type="stop")
        os.killpg(third.process.pid, signal.SIGTERM)
        third.expect_end("SIGTERM")

        fourth = begin()
        fourth.next_report()
        fourth.lines.close()
        fourth.socket.close()
        fourth.expect_end("Troupe was gone")
    finally:
        for attempt in attempts:
            attempt.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=json.loads, default={}, help="the trial's parameters, as JSON")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.command:
        parser.error("COMMAND is missing")
    with tempfile.TemporaryDirectory() as place:
        try:
            check(options.command, options.config, place)
        except Fault as fault:
            raise SystemExit(f"{options.command[0]}: {fault}") from None
    print("it speaks the protocol")


if __name__ == "__main__":
    main()
