"""Troupe's protocol (docs/protocol.md) for Python programs: this file alone, without dependencies.

    trial = troupe_client.Trial()
    model = load(trial.checkpoint) if trial.checkpoint else new(trial.config, trial.seed)
    for epoch in range(trial.iteration + 1, 1 + epochs):
        loss = train(model)
        folder = trial.new_checkpoint()
        save(model, folder)
        if not trial.report({"loss": loss}, folder):
            break
"""

import json
import os


class Trial:
    """The trial that this process trains, as Troupe tells it.

    config: its parameters, a dict; seed: a number of its own, less than 2 ** 32; iteration: how many
    reports it had made when `checkpoint` was taken; checkpoint: the folder to go on from, which may be
    changed, or None; devices, threads: what it may keep busy; trial: its id, "00003".
    """

    def __init__(self):
        descriptor = int(os.environ["TROUPE_FD"])
        self._from = open(descriptor, encoding="utf-8", closefd=False)
        self._to = open(descriptor, "w", encoding="utf-8", closefd=False)
        self._say(type="hello", version=1)
        start = self._hear("start")
        self.trial = start["trial"]
        self.config = start["config"]
        self.seed = start["seed"]
        self.iteration = start["iteration"]
        self.checkpoint = start["checkpoint"]
        self.devices = start["devices"]
        self.threads = start["threads"]
        self._folder = start["folder"]
        self._made = 0
        self.decision = None

    def new_checkpoint(self):
        """Returns an empty folder for a checkpoint, to be given to report()."""
        self._made += 1
        path = os.path.join(self._folder, str(self._made))
        os.mkdir(path)
        return path

    def report(self, metrics, checkpoint=None):
        """Ends an iteration. Returns whether there is to be another; else the program should end.

        The folder `checkpoint`, from new_checkpoint(), is Troupe's from then on. `decision` says whether
        the trial is to "stop" or only to "pause".
        """
        name = checkpoint and os.path.basename(checkpoint)
        self._say(type="report", metrics=metrics, checkpoint=name)
        self.decision = self._hear("decision")["decision"]
        return self.decision == "continue"

    def progress(self, fraction):
        """Tells how much of the iteration is done, from 0 to 1."""
        self._say(type="progress", fraction=fraction)

    def log(self, text):
        """Appends to the trial's log.txt, as what is printed."""
        self._say(type="log", text=text)

    def heartbeat(self):
        """Tells that the program is alive: from then on it has to, within `silence_s` each time."""
        self._say(type="heartbeat")

    def fail(self, message):
        """Fails the trial. Troupe ends the process."""
        self._say(type="error", message=message)

    def _say(self, **message):
        self._to.write(json.dumps(message) + "\n")
        self._to.flush()

    def _hear(self, kind):
        for line in self._from:
            message = json.loads(line)
            if message["type"] == kind:
                return message
        raise SystemExit("Troupe is gone")
