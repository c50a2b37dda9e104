"""The lesson on policy gradients; what to try with networks is in `rl.lessons.networks`."""

from rl.lessons.lesson import Lesson, Task
from rl.lessons.misconceptions import Misconception
from rl.lessons.networks import TASKS
from rl.lessons.policy_checks import (
    BLIND,
    CRITIC,
    HIGH,
    LUCKY,
    NOISE,
    PLATEAU,
    SEEING,
    STEP,
    a_fitting_step_size,
    better_than_a_coin,
    not_only_this_seed,
    off_the_plateau,
    right_and_good,
    steady_by_a_baseline,
    steady_by_samples,
    the_best_dice,
)

LESSON = Lesson(
    slug="policy_gradient",
    title="Policy gradients",
    teaches="How a policy is learned by itself, from an exact arrow to a neural network.",
    minutes=60,
    idea="No table says how good an [[action]] is: the [[policy]] itself is moved, a little at a time, in the "
         "direction in which the expected [[return]] rises: its [[policy gradient|gradient]]. That is exact where the "
         "world is known, and guessed from [[episodes]] where it is not. A table of [[preferences]] and a [[neural "
         "network]] follow it alike.",
    tasks=(
        Task(
            slug="g.noise",
            title="An arrow made of luck",
            do="Each step followed one [[episode]], and all chance went to the worst arm. Start over with a larger "
               "batch.",
            notice="Samples are right on average: their mean is the true gradient. Yet at the start one in six points "
                   "more than 90° away from it, and what it makes likelier is drawn again: with large steps that is "
                   "hard to undo. The mean of ten episodes has a tenth of the [[variance]].",
            goal="At α = 2, by samples alone, be worth more than 0.95 after 50 updates in 9 of 10 seeds.",
            misconception=Misconception.SAMPLED_GRADIENT,
            query=f"{NOISE}&t=50",
            check=steady_by_samples,
            solved=f"{NOISE.replace('alpha:2', 'alpha:2,batch:10')}&t=50",
        ),
        Task(
            slug="g.baseline",
            title="Better than what?",
            do="All arms pay 8 or more, and luck has chosen the worst. Start over with the state's value as "
               "[[baseline]].",
            notice="Without a baseline each reward, good or bad, is a push upwards, and luck decides which arm gets "
                   "the most. With one, only what was better than usual is pushed up. The [[variance]] falls from 49 "
                   "to below 1, and the mean of the samples is the true gradient still.",
            goal="At α = 0.3, one episode a sample, be worth more than 8.8 after 60 updates in 9 of 10 seeds.",
            misconception=Misconception.BASELINE,
            query=f"{HIGH}&t=60",
            check=steady_by_a_baseline,
            solved=f"{HIGH.replace('alpha:0.3', 'alpha:0.3,baseline:value%20of%20the%20state')}&t=60",
        ),
        Task(
            slug="g.dice",
            title="Only dice get through",
            do="It sees the cell it is in, and goes right, left, right: −3. Make it see nothing, start over, and play.",
            notice="Blind, it has one policy for all cells. Always left or always right never arrives; nearly always "
                   "(the two marks) costs 82 or 44 steps. Best is to go right with chance 2 − √2 = 0.59, worth −11.66. "
                   "This is example 13.1 of Sutton & Barto.",
            goal="Have a blind policy go right with a chance within 0.02 of the best one.",
            misconception=Misconception.STOCHASTIC,
            query=f"{SEEING}&t=200",
            check=the_best_dice,
            solved=f"{SEEING.replace('preference:3', 'preference:3,sees:nothing')}&t=100",
        ),
        Task(
            slug="g.plateau",
            title="The plateau",
            do="200 exact steps, and nearly nowhere. Start over along the [[natural gradient]], or with an "
               "[[entropy bonus]].",
            notice="It began almost certain of a bad arm. What is hardly ever chosen hardly changes the return, so the "
                   "gradient is tiny: that says nothing about how good the policy is. The natural gradient measures "
                   "steps in chances, and walks on. The bonus helps off the plateau, and keeps it from the top.",
            goal="From this start and at α = 0.1, be worth at least 90 % of the best after 200 updates.",
            misconception=Misconception.PLATEAU,
            query=f"{PLATEAU}&t=200",
            check=off_the_plateau,
            solved=f"{PLATEAU.replace('alpha:0.1', 'alpha:0.1,follows:the%20natural%20gradient')}&t=200",
        ),
        Task(
            slug="g.step",
            title="Too sure, too soon",
            do="A dozen episodes with α = 1, and it walks into walls for ever. Lower α, and start over.",
            notice="One step along a single long episode has made some actions all but certain. What is certain is "
                   "tried for ever, and what was given up is never tried again: a [[softmax policy]] explores only as "
                   "long as it is undecided. With a small α all is safe, and slow.",
            goal="Find an α with which the policy is worth more than 0.3 after 300 episodes in 9 of 10 seeds.",
            misconception=Misconception.LARGER_STEP,
            query=f"{STEP}&t=6000",
            check=a_fitting_step_size,
            solved=f"{STEP.replace('alpha:1', 'alpha:0.2')}&t=6000",
        ),
        Task(
            slug="g.seeds",
            title="It worked for me",
            do="[[REINFORCE]] has found a good way. Try seeds 2, 3 and 5; then choose another algorithm, α as it is.",
            notice="Two or three [[seeds]] in ten end in a corner for good, by the luck of a few long episodes. A "
                   "[[baseline]] or a [[critic]] takes most of that luck out. One curve says nothing about that: "
                   "judge an algorithm by many seeds.",
            goal="At α = 0.04, be worth more than −7 after 200 episodes in 9 of 10 seeds.",
            misconception=Misconception.ONE_SEED,
            query=f"{LUCKY}&t=2000",
            check=not_only_this_seed,
            solved=f"{LUCKY.replace('agent=reinforce', 'agent=ac')}&t=2000",
        ),
        Task(
            slug="g.blind",
            title="A guess about nothing",
            do="Blind in the corridor, an [[actor-critic]] comes to go right nearly always. Try "
               "[[eligibility traces|traces]], and their two λ.",
            notice="Blind, all cells have one value, so each step seems to change nothing and to cost 1; only the last "
                   "one, to the right, seems to win. [[bootstrapping|Bootstrapping]] from a guess that cannot tell "
                   "states apart misleads. Traces look further than the next guess, the more so the nearer λ is to 1; "
                   "at 1 luck is back.",
            goal="At α = 0.002, be worth more than a coin (−12) after 1,000 episodes in 9 of 10 seeds.",
            misconception=Misconception.BOOTSTRAPPING,
            query=f"{BLIND}&t=20000",
            check=better_than_a_coin,
            solved=f"{BLIND.replace('agent=ac', 'agent=aclambda,lam:0.8,lam_v:0.8')}&t=10000",
        ),
        Task(
            slug="g.critic",
            title="The critic is right, the actor is not",
            do="Near lies 1, far away lies 10. Look at the critic's error, and at the way taken. Change both step "
               "sizes.",
            notice="The critic's error has all but vanished: it knows exactly what this poor policy is worth. A loss "
                   "that falls is not learning to act. The policy had settled on the near goal before its critic could "
                   "tell it of the far one: an [[actor]] should not be faster than its [[critic]].",
            goal="Be worth more than 9 after 500 episodes in 9 of 10 seeds, with the actor-critic.",
            misconception=Misconception.FALLING_LOSS,
            query=f"{CRITIC}&t=3000",
            check=right_and_good,
            solved=f"{CRITIC.replace('alpha:0.3,alpha_v:0.05', 'alpha:0.1,alpha_v:0.1')}&t=3000",
        ),
        *TASKS,
    ),
)
