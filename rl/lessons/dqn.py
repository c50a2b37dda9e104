"""The lesson on deep Q-networks."""

from rl.lessons.dqn_checks import (
    BOUNDED,
    CHASING,
    FALLING,
    FORGETFUL,
    WATCHING,
    bounded_values,
    expects_what_is_possible,
    remembers_enough,
    stays_learned,
    still_targets,
)
from rl.lessons.lesson import Lesson, Task
from rl.lessons.misconceptions import Misconception

LESSON = Lesson(
    slug="dqn",
    title="Deep Q-networks",
    teaches="A net for the Q-table, a memory to learn from again, and why it sometimes collapses.",
    minutes=40,
    idea="Where [[state|states]] are numbers, such as an angle, no table can list them: a [[DQN]] asks a "
         "[[neural network]]. It learns from a [[replay memory]], not only from now, and takes its [[target|targets]] "
         "from an older copy of itself, the [[target network]]. It can still collapse: watch its values, not only its "
         "[[loss]].",
    tasks=(
        Task(
            slug="d.memory",
            title="Learning only from now",
            do="It learned only from what had just happened. Start over with a larger [[replay memory|memory]].",
            notice="Steps in a row look alike, and each moves the values of all states. With a memory, a "
                   "[[minibatch]] mixes old and new: what was learned long ago is learned again, and stays. Look at "
                   "the dots that light up.",
            goal="Have an optimal greedy policy after 8,000 steps in 4 of 5 seeds.",
            misconception=Misconception.UNLEARNED,
            query=f"{FORGETFUL}&t=8000",
            check=remembers_enough,
            solved=f"{FORGETFUL.replace('capacity:1', 'capacity:10000')}&t=8000",
        ),
        Task(
            slug="d.endings",
            title="Nothing ever ends",
            do="This memory holds no falls. Look at the values, then start over with endings remembered.",
            notice="Every step pays 1, and no [[transition]] says that it ever stops. So the values of good and bad "
                   "states alike climb towards 1 / (1 − γ) = 100, and the [[loss]] is small: it agrees with itself. "
                   "Only the falls tell states apart.",
            goal="After 8,000 steps, have values of 60 or less on average in 4 of 5 seeds.",
            misconception=Misconception.FALLING_LOSS,
            query=f"{BOUNDED}&t=8000",
            check=bounded_values,
            solved=f"{BOUNDED.replace(',endings:off', '')}&t=8000",
        ),
        Task(
            slug="d.target",
            title="Chasing itself",
            do="No [[return]] can be worth more than 100 here. Look at the values, then start over with a "
               "[[target network]].",
            notice="Each update raises its own target: the values run away, far beyond 1 / (1 − γ) = 100. A function "
                   "for a table, [[bootstrapping]], and learning [[off-policy]] are the [[deadly triad]]. An older "
                   "copy of the net holds the targets still for a while, and breaks the circle.",
            goal="After 8,000 steps, have values that can be true, 60 or less, in 4 of 5 seeds.",
            misconception=Misconception.BOOTSTRAPPING,
            query=f"{CHASING}&t=8000",
            check=still_targets,
            solved=f"{CHASING.replace(',target:none', '')}&t=8000",
        ),
        Task(
            slug="d.collapse",
            title="Too good to stay good",
            do="This run began with a net that balances for 500 steps. Look at greedy episodes since; then start over "
               "with a setting that keeps it so.",
            notice="The memory fills with poles that stand upright: of falling the net is told less and less, and each "
                   "gradient step moves all values at once. Near the best policy two actions are worth almost the "
                   "same, so that a small error of the net turns one into the other. The [[loss]] shows none of it.",
            goal="After 8,000 more steps, still last 475 steps or more in greedy episodes, in 4 of 5 seeds.",
            misconception=Misconception.KEPT,
            query=f"{FALLING}&t=8000",
            check=stays_learned,
            solved=f"{FALLING.replace('start', 'alpha:0.0001,start')}&t=8000",
        ),
        Task(
            slug="d.watching",
            title="Never put to the test",
            do="This one only ever acts at random. Compare what it expects with what is possible, then start over and "
               "let it try what it believes in.",
            notice="A [[target]] takes the largest of several values, so errors upward count and errors downward do "
                   "not: [[overestimation|over-estimation]]. One who does what looks best finds out; one who does not "
                   "goes on believing. [[Double DQN]] hardly helps here: both nets err alike.",
            goal="After 8,000 steps, expect no more than 110 of the start, in 4 of 5 seeds.",
            misconception=Misconception.UNTRIED,
            query=f"{WATCHING}&t=8000",
            check=expects_what_is_possible,
            solved=f"{WATCHING.replace('epsilon:1', 'epsilon:0.02')}&t=8000",
        ),
    ),
)
