"""Terms of trading, and of readers who are asked for their opinion."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("market", "Prices from day to day, and what can be seen of them, which nothing the agent does moves.",
         "trading", "", ("markets",), ("log return", "position")),
    Term("draw", "Which path of a market we made: another number is another path of the same law.", "trading", "", (),
         ("market", "seed")),
    Term("repeating sign", "A planted edge: a day's direction is likelier than not that of the day before.",
         "trading", "q",
         ("repeats", "planted edge"), ("market",)),
    Term("file", "Prices of your own, as a CSV: a column of dates, and one of prices.", "trading", "", ("CSV",),
         ("market",)),
    Term("position", "What is held from one close to the next, times all wealth: short (−1, pays when the price "
         "falls), flat (0, cash) or long (1).", "trading", "p", ("short", "flat", "long"),
         ("cost of trading", "turnover")),
    Term("cost of trading", "The share of what is traded that is lost, in basis points of a hundredth of a percent; "
         "short to long trades twice one's wealth.", "trading", "c", ("cost", "basis point", "basis points"),
         ("turnover", "position")),
    Term("log return", "The logarithm of what wealth is multiplied with, so that those of many days add up to that of "
         "final wealth.", "trading", "log W′/W", ("log wealth", "log growth"), ("return", "position")),
    Term("Sharpe ratio", "Mean daily log return over its standard deviation, times √252: what a year earns for the "
         "risk it takes.", "trading", "", ("Sharpe",), ("drawdown", "block bootstrap")),
    Term("drawdown", "How far wealth fell from an earlier height, at worst.", "trading", "", ("maximum drawdown",),
         ("Sharpe ratio",)),
    Term("turnover", "How much is traded on an average day, as a share of wealth.", "trading", "", (),
         ("cost of trading",)),
    Term("look-back", "How many past days a trader's state sums up.", "trading", "", ("look back", "look_back"),
         ("look-ahead", "binning")),
    Term("look-ahead", "Using, by mistake, what was not known yet: the most common reason why a strategy looks good.",
         "trading", "", ("peek", "see tomorrow", "look-ahead bias"), ("look-back", "test days")),
    Term("test days", "Days that nobody learned from and nothing was chosen by, gone through once for the result.",
         "trading", "", ("training days", "out of sample"), ("look-ahead",)),
    Term("buy and hold", "Buying on the first day and doing nothing more: what every trader has to beat.", "trading",
         "", ("rule", "fixed rule"), ("Sharpe ratio",)),
    Term("reader", "Somebody who is shown a text and says how good its news is, from −1 to 1: rules, a word list, a "
         "language model, or a control.", "trading", "e", ("evaluator", "opinion", "readers"),
         ("large language model", "placebo", "accuracy")),
    Term("accuracy", "How often an opinion is right.", "trading", "", (), ("reader", "calibration", "AUC")),
    Term("AUC", "The chance that the good one of a good and a bad headline gets the higher score: .5 is guessing, 1 is "
         "perfect.", "trading", "", (), ("accuracy", "calibration")),
    Term("Brier score", "Mean squared distance between a forecast chance and what happened, 0 or 1: always saying one "
         "half scores .25, and less is better.", "trading", "", ("Brier",), ("calibration",)),
    Term("placebo", "A control: the same answers given to the wrong texts, so that nothing left of an effect is due to "
         "reading.", "trading", "", ("shuffled",), ("reader", "inverted reader")),
    Term("inverted reader", "A control that always says the opposite of the truth, and so knows as much as a perfect "
         "one.", "trading", "", ("inverted",), ("placebo", "reader")),
    Term("use of an opinion", "What is done with what a reader says: it is seen, it adjusts what is held, it pays a "
         "bonus, or it is a potential.", "trading", "", ("use",),
         ("reward bonus", "potential-based shaping", "veto")),
    Term("weight of an opinion", "How much what a reader says counts.", "trading", "w", ("weight",),
         ("use of an opinion",)),
    Term("veto", "An opinion that keeps the agent from holding what it wants: at a weight of a half it turns that into "
         "cash, at 1 it decides alone.", "trading", "", ("adjustment", "override"), ("use of an opinion",)),
    Term("reward bonus", "Paying the agent for agreeing with a reader, which changes what is optimal: it comes to "
         "please the reader.", "trading", "w·e·p", ("bonus",), ("potential-based shaping", "reward hacking")),
    Term("potential-based shaping", "Adding γΦ(s′) − Φ(s) to the reward for any function Φ of the state, which cannot "
         "change what is optimal.", "trading", "γΦ(s′) − Φ(s)", ("potential", "reward shaping", "shaping"),
         ("reward bonus",), "ng_1999"),
    Term("block bootstrap", "Drawing weeks of days again and again to see how much a result could have varied, keeping "
         "what one day says of the next.", "trading", "", (), ("Sharpe ratio",)),
    Term("prompt injection", "Text that is to be read, and gives orders instead, which a model cannot tell apart for "
         "sure.", "trading", "", ("poisoned headline",), ("large language model", "reader")),
)
