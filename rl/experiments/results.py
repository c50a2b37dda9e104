"""What a sweep has come to so far: arrays in the order of conditions and seeds, however the work came in."""

from dataclasses import dataclass, field

import numpy as np

from rl.experiments.config import Experiment
from rl.experiments.measures import MEASURES
from rl.experiments.work import Block, Singles
from rl.mdp import Bools, Floats


@dataclass(frozen=True)
class Results:
    """Results of c conditions x n seeds; NaN where ``done`` is not yet set, or a seed ran out of patience."""

    experiment: Experiment
    done: Bools  # (c, n)
    returns: Singles  # (c, n, p) see `Block`
    lengths: Singles  # (c, n, p)
    measured: Floats  # (c, n, m)
    errors: dict[int, str] = field(default_factory=dict)  # a sentence for each condition that cannot be run

    def of(self, measure: str) -> Floats:
        """Returns one of MEASURES, (c, n)."""
        return np.asarray(self.measured[:, :, list(MEASURES).index(measure)])

    @property
    def nbytes(self) -> int:
        """Bytes of all the arrays."""
        return self.done.nbytes + self.returns.nbytes + self.lengths.nbytes + self.measured.nbytes

    @property
    def finished(self) -> list[int]:
        """The conditions of which all seeds are there."""
        return [c for c, done in enumerate(self.done) if done.all()]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return all(done.all() or c in self.errors for c, done in enumerate(self.done))

    @property
    def common(self) -> Bools:
        """Marks the seeds that every condition without an error has been run from, (n,)."""
        good = [c for c in range(len(self.done)) if c not in self.errors]
        return np.asarray(self.done[good].all(axis=0))

    @property
    def episode(self) -> Floats:
        """The number of the episode in the middle of each point of the curves, (p,)."""
        stride, episodes = self.experiment.stride, self.experiment.episodes
        starts = np.arange(0, episodes, stride)
        return (starts + 1 + np.minimum(starts + stride, episodes)) / 2

    def put(self, condition: int, places: tuple[int, ...], block: Block) -> None:
        """Enters a block whose seeds have these places in its condition."""
        where = condition, list(places)
        self.returns[where], self.lengths[where] = block.returns, block.lengths
        self.measured[where], self.done[where] = block.measured, True

    def copy(self) -> "Results":
        """Copies what there is, so that it does not change any more."""
        arrays = (self.done.copy(), self.returns.copy(), self.lengths.copy(), self.measured.copy())
        return Results(self.experiment, *arrays, self.errors.copy())


def blank_results(experiment: Experiment) -> Results:
    """Makes room for the results of an experiment."""
    c, n, points = len(experiment.plan.conditions), experiment.seeds, -(-experiment.episodes // experiment.stride)
    curves = np.full((2, c, n, points), np.nan, np.float32)
    return Results(experiment, np.zeros((c, n), np.bool_), curves[0], curves[1], np.full((c, n, len(MEASURES)), np.nan))
