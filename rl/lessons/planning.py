"""The lesson on planning."""

from rl.lessons.lesson import Lesson, Task
from rl.lessons.misconceptions import Misconception
from rl.lessons.planning_checks import (
    BRIDGE,
    BY_HAND,
    CORNERS,
    FIELD,
    FOREVER,
    NEAR_FAR,
    TIES,
    another_optimum,
    best_of_a_random_walk,
    exact_by_hand,
    exact_in_three_sweeps,
    right_before_it_knows,
    round_the_bridge,
    where_it_turns,
)

LESSON = Lesson(
    slug="planning",
    title="Planning",
    teaches="How exact values are worked out when the world is known, sweep by sweep.",
    minutes=30,
    idea="Nobody acts here: the [[model]] of the world is known. Each [[step]] is one [[backup]]: it looks one step "
         "ahead and writes down what a [[state]] is [[value|worth]]. An [[episode]] is one [[sweep]] over all states.",
    tasks=(
        Task(
            slug="p.order",
            title="One cell a sweep, or all in one",
            do="Play on from here, sweep by sweep. Then choose in place, try the orders of states, and start over.",
            notice="[[synchronous|Synchronous]] backups see the last sweep only, so the goal's value goes one cell a "
                   "sweep, in any order. Nothing but the goal pays: a value is what is still to come. [[in place|In "
                   "place]] a backup sees what this sweep has found already, and the order decides.",
            goal="Have every value within 0.001 of the truth after at most 3 sweeps.",
            misconception=Misconception.Q_IS_REWARD,
            query=f"{FIELD}&t=50",
            check=exact_in_three_sweeps,
            solved=f"{FIELD},backups:in%20place,sequence:backwards&t=25",
        ),
        Task(
            slug="p.policy",
            title="It knows what to do before it knows why",
            do="Nothing ever ends here, and values creep up for long. Step sweep by sweep (Shift and →) and watch the "
               "policy.",
            notice="The error shrinks by γ a sweep, never faster here. Yet the arrows are all right after 14 sweeps, "
                   "with values off by more than 5; then some are wrong again for a while. A settled policy does not "
                   "mean settled values, nor the reverse.",
            goal="Stop where the greedy policy is optimal in every cell, though a value is off by more than 3.",
            misconception=Misconception.CONVERGED,
            query=f"{FOREVER}&t=100",
            check=right_before_it_knows,
            solved=f"{FOREVER}&t=350",
        ),
        Task(
            slug="p.random",
            title="The best way, out of a random walk",
            do="These are the values of acting at random: steps to a corner, as a cost. Go on, sweep by sweep.",
            notice="Acting at random is bad, up to −22, and its exact values take a hundred sweeps and more. But the "
                   "[[greedy]] policy on them is [[optimal policy|optimal]] after three: what a policy earns is not "
                   "all that can be learned from it. This is figure 4.1 of Sutton & Barto.",
            goal="Stop where the greedy policy is optimal in every cell, though a value is off by more than 15.",
            misconception=Misconception.TRAINING_RETURN,
            query=f"{CORNERS}&t=14",
            check=best_of_a_random_walk,
            solved=f"{CORNERS}&t=42",
        ),
        Task(
            slug="p.hand",
            title="By hand",
            do="Click a cell to back it up. Begin where something is to be known already: next to the goal.",
            notice="Five clicks along one best way are enough; the other cells are never touched, and still say 0. "
                   "That is not their value: it is unknown, and nobody needed it. This freedom of order is what makes "
                   "[[asynchronous]] planning, and all of learning, possible.",
            goal="Make the start's value exact with 5 backups.",
            misconception=Misconception.UNVISITED_IS_ZERO,
            query=f"{BY_HAND}&t=0",
            check=exact_by_hand,
            solved=f"{BY_HAND},clicks:10.9.8.4.0&t=5",
        ),
        Task(
            slug="p.gamma",
            title="Patience turns it round",
            do="Near lies 1, far away lies 3. Move γ, let the values settle, and watch the arrow at the start.",
            notice="The map stays the same, and so do the rewards; only the question has changed: how much does later "
                   "count? Both policies are optimal, each for its own [[discount|γ]]. An agent cannot learn which γ "
                   "is right: you say so.",
            goal="Find the γ, to a hundredth, from which on the far goal is the better one.",
            misconception=Misconception.DISCOUNT,
            query=f"{NEAR_FAR}&t=80",
            check=where_it_turns,
            solved=f"{NEAR_FAR.replace('gamma:0.5', 'gamma:0.81')}&t=80",
        ),
        Task(
            slug="p.ties",
            title="Another best plan",
            do="This [[policy iteration]] began with a policy that always goes right. Change the first policy (under "
               "More), start over.",
            notice="All ways down and right are as short, so many policies are optimal and all have the same values. "
                   "Which one is found depends on where one began: an action is only left for a better one. A few "
                   "[[policy improvement|improvements]] are enough.",
            goal="Find an optimal policy whose first step from the start is to the right.",
            misconception=Misconception.ONE_OPTIMUM,
            query=f"{TIES}&t=680",
            check=another_optimum,
            solved=f"{TIES.replace('first:2', 'first:1')}&t=680",
        ),
        Task(
            slug="p.bridge",
            title="The bridge",
            do="Without slip the way over the bridge is best. Raise the world's slip a little and let the values "
               "settle.",
            notice="On the bridge a [[slip]] ends in a pit, and seven cells are seven chances to fall. From a slip of "
                   "0.03 on the long way round is better. The world is not broken: the best policy reckons with its "
                   "chances.",
            goal="Find a slip of at most 0.05 with which the best way leads round the bridge.",
            misconception=Misconception.SLIPPERY_IS_BROKEN,
            query=f"{BRIDGE}&t=600",
            check=round_the_bridge,
            solved=f"{BRIDGE.replace('.HHHHHHH.&', '.HHHHHHH.,slip:0.04&')}&t=600",
        ),
    ),
)
