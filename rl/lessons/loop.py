"""The lesson on the agent-environment loop."""

from rl.lessons.lesson import Lesson

LESSON = Lesson(
    "loop",
    "The agent-environment loop",
    "How an agent learns from reward alone, one step at a time.",
    10,
    "An [[agent]] sees the [[state]] of its world, chooses an [[action]], gets a [[reward]], and learns a little from "
    "it. Then all begins again.",
    (),
)
