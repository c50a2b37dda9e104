"""What the worlds of the family "physics" have in common: one nameless state, and a body that moves."""

from dataclasses import dataclass

from rl.envs.base import World
from rl.physics import Physics


@dataclass(frozen=True)
class Body(World):
    """A world whose state is a few numbers: no table has a row for each, so what is learned is a function of them."""

    family = "physics"
    drawn_as = "body"

    @property
    def model(self) -> Physics:
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, int]:
        return 1, len(self.actions)

    def fits(self, other: World) -> bool:
        """Tells whether it is the same world, whatever its time limit."""
        return type(other) is type(self)

    def state_name(self, s: int) -> str:
        """Says nothing: the picture does."""
        return ""
