"""Terms of deep Q-networks: the net, the replay memory, the target net, and what is added to them."""

from rl.lessons.glossary.term import Term

PAGE = "dqn"
CART = "v=1&env=cart&agent=dqn{}&seed=1&t=3000"

TERMS = (
    Term("DQN", "Deep Q-network: Q-learning with a neural network for a table, a replay memory and a target network.",
         PAGE, "Q(s, a; θ)", ("deep Q-network", "deep Q-networks", "deep Q-learning"),
         ("Q-learning", "replay memory", "target network"), "mnih_2015", CART.format("")),
    Term("replay memory", "A store of past transitions from which an agent learns again, in random order.", PAGE, "D",
         ("experience replay", "replay buffer", "memory", "warmup", "every"), ("DQN", "transition", "minibatch"),
         "lin_1992", CART.format("")),
    Term("capacity", "How many transitions a replay memory holds; when it is full the oldest are forgotten.", PAGE, "",
         ("forgets", "endings", "remembers endings"), ("replay memory",), "fedus_2020", CART.format(",capacity:100")),
    Term("minibatch", "The few transitions drawn from a replay memory for one gradient step.", PAGE, "",
         ("minibatches", "draws", "drawn"), ("replay memory", "prioritised replay"), None, CART.format("")),
    Term("target network", "An older copy of a network that supplies the targets, so that they do not move with every "
         "update.", PAGE, "θ⁻", ("target networks", "target net", "period"), ("DQN", "target", "Polyak averaging"),
         "mnih_2015", CART.format(",target:copied%20now%20and%20then")),
    Term("Polyak averaging", "Lets a target network follow as a running average: after each gradient step it takes a "
         "little, τ, of the net.", PAGE, "τ", ("tau",), ("target network",), "lillicrap_2016", CART.format("")),
    Term("loss", "How far a network's answers are from its targets; since the targets move, a falling loss is not yet "
         "learning.", PAGE, "L", ("losses",), ("neural network", "target", "Huber loss"), None, CART.format("")),
    Term("Huber loss", "A loss that is squared for small errors and straight for large ones, so that one surprise does "
         "not pull too hard.", PAGE, "", ("Huber",), ("loss",), "huber_1964", CART.format(",loss:Huber")),
    Term("Double DQN", "The net that learns chooses the next action, and the target network says what it is worth: "
         "less overestimation.", PAGE, "", ("double",), ("overestimation", "target network"), "van_hasselt_2016",
         CART.format(",double:on")),
    Term("dueling heads", "Two outputs of one net: what the state is worth, and how much better each action is than "
         "the others.", PAGE, "V + A", ("dueling", "dueling network"), ("DQN", "action value"), "wang_2016",
         CART.format(",dueling:on")),
    Term("prioritised replay", "Draws the transitions first that were most surprising, and weighs them less to make up "
         "for it.", PAGE, "", ("prioritized replay", "favour", "beta", "importance weight"),
         ("replay memory", "TD error"), "schaul_2016", CART.format(",draws:by%20error")),
    Term("overestimation", "Values that are too high, since the largest of several noisy guesses is more often too "
         "high than too low.", PAGE, "", ("overestimated", "over-estimation"), ("Double DQN", "bias"), "thrun_1993",
         CART.format(",target:none")),
    Term("deadly triad", "A function in place of a table, bootstrapping, and learning about another policy than the "
         "one that acts: all three together can make values grow without end.", PAGE, "", (),
         ("bootstrapping", "off-policy", "DQN"), "van_hasselt_2018", CART.format(",target:none")),
    Term("trained net", "A net that learned before, from which a run can start: its memory is empty.", PAGE, "",
         ("start", "pretrained"), ("DQN",), None, CART.format(",start:trained")),
)
