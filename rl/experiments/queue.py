"""One server, many learners: sweeps stand in line, so that one at a time has the processor."""

import os
from threading import Condition

SLOTS = max(1, (os.cpu_count() or 1) // 2)
"""Sweeps that run at once; each uses several threads."""


class Queue:
    """A line in front of some slots, first come first served."""

    def __init__(self, slots: int = SLOTS) -> None:
        self.slots = slots
        self.running = 0
        self.line: list[object] = []
        self.moved = Condition()

    def join(self, who: object) -> None:
        """Takes a place at the end."""
        with self.moved:
            self.line.append(who)

    def ahead(self, who: object) -> int:
        """Returns how many sweeps must end, or leave, before it is its turn; 0 where it is not in line."""
        with self.moved:
            return self.running - self.slots + 1 + self.line.index(who) if who in self.line else 0

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody is in line."""
        with self.moved:
            return bool(self.line)

    def enter(self, who: object, seconds: float) -> bool:
        """Waits so long for a slot. Returns whether it was had; it must be given back with `leave`."""
        with self.moved:
            if not self.moved.wait_for(lambda: self.running < self.slots and self.line[0] is who, seconds):
                return False
            self.line.remove(who)
            self.running += 1
            return True

    def give_up(self, who: object) -> None:
        """Steps out of the line."""
        with self.moved:
            self.line.remove(who)
            self.moved.notify_all()

    def leave(self) -> None:
        """Gives a slot back."""
        with self.moved:
            self.running -= 1
            self.moved.notify_all()


queue = Queue()
"""The line of this server."""
