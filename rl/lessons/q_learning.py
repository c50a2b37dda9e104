"""The lesson on Q-learning."""

from rl.lessons.lesson import Lesson, Task

LESSON = Lesson(
    "Q-learning",
    "The agent keeps a table Q of how good each action is in each state. After every step it moves one entry towards "
    "*the reward it got, plus the best value it now sees ahead*. That is all there is to it.",
    (
        Task(
            "Value flows backwards",
            "Press play, or step with the arrow keys. The only reward lies at the goal.",
            "The first time the goal is reached a single cell changes. Each episode after that carries the value "
            "about one cell further back towards the start. Q is not the reward: it is what is still to come.",
            "v=1&env=grid,map:S..%23..../...%23..../.%23...%23../.%23....%23./....%23..G,step_reward:0"
            "&agent=q,epsilon:0.1,alpha:0.5,gamma:0.9&seed=6&t=0",
        ),
        Task(
            "Never explore, never find out",
            "ε is 0 here and the agent always does what looks best. Let it run for 100 episodes, then raise ε to 0.8.",
            "In most of the hundred seeds it settles for the goal on the left, worth 1, though 10 wait on the right. "
            "The curve labelled Policy shows how far from the best that is; the error never reaches zero, since "
            "untried actions are never corrected. With a high ε both soon change.",
            "v=1&env=grid,map:G..S....G,rewards:8=9,step_reward:0&agent=q,epsilon:0,alpha:0.5,gamma:0.9&seed=2&t=0",
        ),
        Task(
            "Hope makes it curious",
            "Still no exploration, but every untried action is given the value 1 beforehand. Compare the curves "
            "with those of initial value 0.",
            "Whatever it tries disappoints, so it tries the rest. Optimism explores without a single random action.",
            "v=1&env=lake,size:8x8,success:1&agent=q,epsilon:0,alpha:0.5,initial:1&seed=3&t=0",
        ),
        Task(
            "The cliff: it learns the best way and keeps falling off",
            "Watch a few episodes along the cliff, then take ε down to 0 in mid-run.",
            "The greedy policy is optimal, a return of −13, while the return it gets is far worse: the training "
            "return is not the quality of the policy. With ε = 0 the two meet.",
            "v=1&env=cliff&agent=q,epsilon:0.1,alpha:0.5,gamma:1&seed=4&t=6000",
        ),
        Task(
            "A slippery world is not a broken one",
            "On ice the agent goes where it meant to only one time in three. Raise α to 0.9, then lower it to 0.05.",
            "With a large step size the values jump with every slip and never settle; a larger step is not a faster "
            "one. The best policy here often walks into the wall on purpose: that way it cannot slip into a hole.",
            "v=1&env=lake&agent=q,epsilon:0.1,alpha:0.1,initial:0.5&seed=5&t=20000",
        ),
        Task(
            "Short-sighted",
            "Near lies 1, far away lies 10. Move γ between 0.5 and 0.95; each time start over and skip 100 episodes.",
            "Below about 0.68 the near goal really is the better one: γ belongs to the question, not to the answer. "
            "Note, too, that ε is 1: the agent only ever acts at random, and still learns what would be best.",
            "v=1&env=grid,map:G...S.........G,rewards:14=9,step_reward:0"
            "&agent=q,epsilon:1,alpha:0.5,gamma:0.5&seed=6&t=4000",
        ),
    ),
)
