"""Terms of exploring and of bandits."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("exploration", "Trying actions that do not look best, to find out what they are worth.", "bandits", "",
         ("explore", "explores", "exploring"), ("exploitation", "epsilon-greedy")),
    Term("exploitation", "Taking the action that looks best by what is known so far.", "bandits", "",
         ("exploit", "exploits", "exploiting"), ("exploration", "greedy")),
    Term("greedy", "Always taking an action whose estimate is the highest.", "bandits", "argmax Q",
         ("greedy policy", "greedily", "greedy action"), ("exploitation", "tie", "epsilon-greedy")),
    Term("epsilon-greedy", "Greedy most of the time, but with a small chance ε a random action.", "bandits", "ε",
         ("ε-greedy", "epsilon", "ε", "epsilon_last"), ("greedy", "exploration", "schedule"), "sutton_barto_2018"),
    Term("schedule", "How a setting such as ε changes as learning goes on: constant, or falling over a span of "
         "episodes.", "q_learning", "", ("schedules", "span", "decay", "decaying"), ("epsilon-greedy",)),
    Term("bandit", "A world with one state: each action is an arm that pays by chance, and only trying tells how well.",
         "bandits", "", ("bandits", "k-armed bandit", "multi-armed bandit"), ("arm", "regret", "MDP"), "robbins_1952"),
    Term("arm", "One of the actions of a bandit, after the lever of a slot machine.", "bandits", "A, a",
         ("arms", "pull", "pulls"), ("bandit", "true value")),
    Term("true value", "What an arm pays on average, which the agent never sees and can only estimate.", "bandits",
         "q*(a)", ("true values", "level", "spread"), ("arm", "sample average")),
    Term("ten-armed testbed", "Two thousand bandits of ten arms, drawn by one rule, on which methods are compared.",
         "bandits", "", ("testbed",), ("bandit", "parameter study"), "sutton_barto_2018"),
    Term("sample average", "An estimate that is the plain average of all the rewards seen, each counting the same.",
         "bandits", "1/N", ("sample averages",), ("step size", "nonstationary")),
    Term("nonstationary", "Changing with time: what an arm pays today is not what it pays later.", "bandits", "",
         ("non-stationary", "drift", "drifting", "nonstationarity"), ("stationary", "step size")),
    Term("stationary", "Staying as it is: the chances do not change with time.", "bandits", "", (), ("nonstationary",)),
    Term("optimistic initial values", "Starting with estimates that are too high, so that every action disappoints and "
         "the others get their turn.", "bandits", "", ("optimistic start", "optimism", "optimistic"),
         ("initial value", "exploration")),
    Term("UCB", "Upper confidence bound: takes the action that could be best, its estimate plus a bonus for what is "
         "little known.", "bandits", "Q + c √(ln t / N)", ("upper confidence bound", "UCB1", "c", "upper bound"),
         ("exploration", "confidence interval", "regret"), "auer_2002"),
    Term("Thompson sampling", "Takes each action as often as it is likely to be the best, by drawing once from what is "
         "believed of each.", "bandits", "", ("Thompson", "posterior sampling"), ("prior", "posterior", "UCB"),
         "thompson_1933"),
    Term("prior", "What is believed before any reward was seen.", "bandits", "", ("priors", "prior_sd"),
         ("posterior", "Thompson sampling")),
    Term("posterior", "What is believed after the rewards seen so far.", "bandits", "", ("posteriors",),
         ("prior", "Thompson sampling")),
    Term("softmax", "Turns preferences or estimates into chances: better ones are likelier, and none is ruled out.",
         "bandits", "exp H(a) / Σ exp H(b)", ("soft-max", "Boltzmann"), ("temperature", "gradient bandit"),
         "sutton_barto_2018"),
    Term("temperature", "How evenly softmax spreads its choices: near 0 it is greedy, hot it is random.", "bandits",
         "τ", ("temperatures",), ("softmax",)),
    Term("gradient bandit", "Learns a preference for each arm and moves it up when the arm pays more than the "
         "baseline.", "bandits", "H(a)", ("gradient bandits",),
         ("preference", "baseline", "softmax", "policy gradient"), "williams_1992"),
    Term("baseline", "What a reward is compared with before learning from it: it changes the variance of an update and "
         "not its expectation.", "bandits", "b", ("baselines",), ("gradient bandit", "variance", "policy gradient"),
         "williams_1992"),
    Term("regret", "What was lost by not taking the best action from the beginning.", "bandits", "",
         ("cumulative regret", "regrets"), ("Lai-Robbins bound", "optimal policy"), "lai_robbins_1985"),
    Term("Lai-Robbins bound", "How fast regret must grow, at the least, for any method that does well on all bandits: "
         "with the logarithm of time.", "bandits", "", ("Lai and Robbins",), ("regret", "UCB"), "lai_robbins_1985"),
    Term("parameter study", "A curve of how well a method does for every value of its setting.", "bandits", "",
         ("parameter studies",), ("ten-armed testbed", "hyperparameter"), "sutton_barto_2018"),
    Term("hyperparameter", "A setting that is chosen before learning and not learned, such as ε or α.", "q_learning",
         "", ("hyperparameters", "setting", "settings", "knob", "knobs"), ("step size", "epsilon-greedy")),
)
