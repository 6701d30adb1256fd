"""What a comparison finds out: a figure for each kind of work."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    """What both sides have measured of the same work, a sample each round."""

    name: str  # for bench/compare
    what: str
    unit: str
    better: str  # "less" or "more"
    setting: str  # the peer's
    troupe: list
    peer: list
    bar: float | None = None  # the ratio that is wanted

    @property
    def ratio(self):
        ours, theirs = statistics.median(self.troupe), statistics.median(self.peer)
        return theirs / ours if self.better == "less" else ours / theirs
