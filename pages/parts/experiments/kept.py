"""Finished sweeps, shared by everybody who asks for the same: thirty learners open the same page."""

from threading import Lock

from rl.experiments.config import Experiment
from rl.experiments.sweep import Sweep

BUDGET = 64_000_000
"""Bytes of all results that are kept."""


class Kept:
    """Sweeps by their experiment; when they are too large together, those go that were not asked for for longest."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.sweeps: dict[Experiment, Sweep] = {}
        self.lock = Lock()

    def get(self, experiment: Experiment) -> Sweep | None:
        """Returns a finished sweep of an experiment, if there is one."""
        with self.lock:
            sweep = self.sweeps.pop(experiment, None)
            if sweep is not None:
                self.sweeps[experiment] = sweep
            return sweep

    def put(self, sweep: Sweep) -> None:
        """Keeps a finished sweep."""
        with self.lock:
            self.sweeps.pop(sweep.experiment, None)
            self.sweeps[sweep.experiment] = sweep
            while sum(kept.results.nbytes for kept in self.sweeps.values()) > self.budget:
                self.sweeps.pop(next(iter(self.sweeps)))
