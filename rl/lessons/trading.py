"""The lesson on trading with a language model to ask."""

from rl.lessons.lesson import Lesson

LESSON = Lesson(
    slug="trading",
    title="Trading with an LLM",
    teaches="Whether a language model that reads the news makes a trading agent better, and how not to be fooled.",
    minutes=60,
    idea="Each day an agent is [[position|short, flat or long]]. The [[reward]] is the [[log return|log of what its "
         "wealth grew]], costs included. A [[reader]], perhaps a [[large language model]], says what it thinks of the "
         "day's text. Whether that helps is seen on [[test days]], over many [[seeds]], beside a [[placebo]].",
    tasks=(),
)
