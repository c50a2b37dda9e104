"""Speaks as the stage does."""

from pages.parts.events import hear


def say(me, kind, t, **more):
    hear(me, {"kind": kind, "seq": me.ack + 1, "t": t, "playing": False, "view": "values", "speed": 8} | more)
