"""The lesson on trading with a language model to ask."""

from rl.lessons.lesson import Lesson, Task
from rl.lessons.misconceptions import Misconception
from rl.lessons.trading_checks import (
    COSTLY,
    DECIDES,
    FINE,
    NOTHING,
    PLACEBO,
    PLEASES,
    as_good_tomorrow,
    better_than_a_placebo,
    dear_enough,
    hears_an_inverted_reader,
    loses_nothing,
    shaped_without_harm,
)

LESSON = Lesson(
    slug="trading",
    title="Trading with an LLM",
    teaches="Whether a language model that reads the news makes a trading agent better, and how not to be fooled.",
    minutes=60,
    idea="Each day an agent is [[position|short, flat or long]]. The [[reward]] is the [[log return|log of what its "
         "wealth grew]], costs included. A [[reader]], perhaps a [[large language model]], says what it thinks of the "
         "day's text. Whether that helps is seen on [[test days]], over many [[seeds]], beside a [[placebo]].",
    tasks=(
        Task(
            slug="t.placebo",
            title="It reads, therefore it earns?",
            do="The [[placebo]] gives SmolLM2's answers to the wrong headlines. Choose another reader.",
            notice="With a placebo the agent hears as many words, and learns from them: what luck has taught it costs "
                   "money on the [[test days]]. Only what is left beyond that is due to reading. VADER's list of words "
                   "does no better than the placebo; the language model, which never learned to trade, does.",
            goal="With a reader that is no control, have a median Sharpe ratio above 0.3 on the test days.",
            misconception=Misconception.FLUENT_REASON,
            query=f"{PLACEBO}&t=25200",
            check=better_than_a_placebo,
            solved=f"{PLACEBO.replace('placebo', 'SmolLM2')}&t=25200",
        ),
        Task(
            slug="t.inverted",
            title="Always wrong is worth knowing",
            do="This [[inverted reader|reader]] is always wrong, and decides alone. Find another use for it.",
            notice="Where it decides, it ruins. Seen only, its opinion is worth exactly as much as that of one who is "
                   "always right: the agent learns what it means. What is deadly is to be obeyed while "
                   "being wrong. An [[observation]] has to prove itself in [[reward]].",
            goal="With the inverted reader, have a median Sharpe ratio above 1 on the test days.",
            misconception=Misconception.PROMPTED_LEARNS,
            query=f"{DECIDES}&t=25200",
            check=hears_an_inverted_reader,
            solved=f"{DECIDES.replace('use:adjustment', 'use:observation')}&t=25200",
        ),
        Task(
            slug="t.bonus",
            title="Paid for agreeing",
            do="A [[reward bonus]] pays for agreeing with a reader who is wrong. Look at “Opinion”, then choose "
               "another use.",
            notice="The bonus changes what is best in nearly all states that occur: the agent does what pays, and it "
                   "pays to please. [[potential-based shaping|A potential]] is made of the same opinion and weight. It "
                   "changes what is best in none of them, as can be proved, and only how fast it is learned.",
            goal="Let the inverted reader shape the reward, weight 1 or more, with a Sharpe ratio above 1.",
            misconception=Misconception.REWARD_IS_GOAL,
            query=f"{PLEASES}&t=25200",
            check=shaped_without_harm,
            solved=f"{PLEASES.replace('use:bonus', 'use:potential')}&t=25200",
        ),
        Task(
            slug="t.cost",
            title="Too dear to be right",
            do="Six days in ten repeat the last one's direction. Raise the [[cost of trading|cost]], under “More”, and "
               "look at the optimum under “Policy”.",
            notice="The edge is real: a day is worth 0.2 % to whoever follows it. But it lasts 2.5 days on average, "
                   "and going from short to long trades twice. Beyond some cost the best there is to do with a true "
                   "forecast is nothing. The exact optimum says where, without a single try.",
            goal="Find the lowest cost, in steps of 0.05 %, from which on staying flat is best.",
            misconception=Misconception.EDGE,
            query=f"{COSTLY}&t=25200",
            check=dear_enough,
            solved=f"{COSTLY.replace('cost:0', 'cost:0.0025')}&t=25200",
        ),
        Task(
            slug="t.walk",
            title="Nothing to learn",
            do="A random walk, and a reader of its price. Find an algorithm or settings that lose nothing there.",
            notice="Whatever an agent has learned here, it has learned from luck, and each trade is a cost. The "
                   "hardest thing to learn is to do nothing. A [[fixed rule|rule]] that stays flat earns nothing, and "
                   "loses nothing: what does worse than that should not be traded.",
            goal="Have the middle of ten seeds keep at least 99 % of its wealth, with costs above 0.",
            misconception=Misconception.BACKTEST,
            query=f"{NOTHING}&t=25200",
            check=loses_nothing,
            solved=f"{NOTHING.replace('agent=trading_q', 'agent=trading_rule,rule:stay%20flat')}&t=25200",
        ),
        Task(
            slug="t.bins",
            title="The past by heart",
            do="50 [[bins]] of Apple's last month, and a fine result on training days. Choose fewer, under “More”.",
            notice="With 50 bins each state was met some forty times: the agent knows by heart what came after, and "
                   "most of that was luck. On the [[test days]] nothing is left of it. With few bins it earns less on "
                   "the training days, and about as much on others: that is the number to believe.",
            goal="Have a median Sharpe ratio on the test days less than 0.5 below that on the training days.",
            misconception=Misconception.BY_HEART,
            query=f"{FINE}&t=25200",
            check=as_good_tomorrow,
            solved=f"{FINE.replace('bins:50', 'bins:3')}&t=25200",
        ),
    ),
)
