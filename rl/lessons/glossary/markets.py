"""Terms of trading, and of readers who are asked for their opinion."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("market", "Prices from day to day, and what can be seen of them. Nothing the agent does moves them.", None, "",
         ("markets",), ("log return", "position")),
    Term("draw", "Which path of a market we made: another number is another path of the same law.", None, "", (),
         ("market", "seed")),
    Term("file", "Prices of your own, as a CSV: a column of dates, and one of prices.", None, "", ("CSV",),
         ("market",)),
    Term("position", "What is held from one close to the next: short (−1, it pays when the price falls), flat (0, "
         "cash) or long (1), times all wealth.", None, "p", ("short", "flat", "long"), ("cost of trading", "turnover")),
    Term("cost of trading", "The share of what is traded that is lost. 10 basis points are 0.1 %; turning from short "
         "to long trades twice one's wealth.", None, "c", ("cost", "basis point", "basis points"),
         ("turnover", "position")),
    Term("log return", "The logarithm of what wealth is multiplied with. Those of many days add up to the log of final "
         "wealth, so their sum is a return in both senses.", None, "log W′/W", ("log wealth", "log growth"),
         ("return", "position")),
    Term("Sharpe ratio", "Mean daily log return over its standard deviation, times √252: what a year earns for the "
         "risk it takes. Years of data are needed to tell 0.5 from 0.", None, "", ("Sharpe",),
         ("drawdown", "block bootstrap")),
    Term("drawdown", "How far wealth fell from an earlier height, at worst.", None, "", ("maximum drawdown",),
         ("Sharpe ratio",)),
    Term("turnover", "How much is traded on an average day, as a share of wealth.", None, "", (),
         ("cost of trading",)),
    Term("look-back", "How many past days a trader's state sums up.", None, "", ("look back", "look_back"),
         ("look-ahead", "binning")),
    Term("look-ahead", "Using, by mistake, what was not known yet. The most common reason why a strategy looks good.",
         None, "", ("peek", "see tomorrow", "look-ahead bias"), ("look-back", "test days")),
    Term("test days", "Days that nobody learned from and nothing was chosen by. What is earned there, once, is the "
         "result.", None, "", ("period", "training days", "out of sample"), ("look-ahead",)),
    Term("buy and hold", "Buying on the first day and doing nothing more: what every trader has to beat.", None, "",
         ("rule", "fixed rule"), ("Sharpe ratio",)),
    Term("reader", "Somebody who is shown a text and says how good the news is, from −1 to 1: rules, a word list, a "
         "language model; or a control.", None, "e", ("evaluator", "opinion", "readers"),
         ("large language model", "placebo", "accuracy")),
    Term("accuracy", "How often an opinion is right.", None, "", (), ("reader", "calibration", "AUC")),
    Term("AUC", "The chance that a good headline gets the higher score of a good one and a bad one: .5 is guessing, 1 "
         "is perfect.", None, "", ("area under the curve",), ("accuracy", "calibration")),
    Term("calibration", "Whether a forecaster is right as often as its confidence says.", None, "", ("calibrated",),
         ("Brier score",)),
    Term("Brier score", "Mean squared distance between a forecast chance and what happened, 0 or 1. Always saying one "
         "half scores .25; less is better.", None, "", ("Brier",), ("calibration",)),
    Term("placebo", "A control: the same answers given to the wrong texts. What is left of an effect was never due to "
         "reading.", None, "", ("shuffled",), ("reader", "inverted reader")),
    Term("inverted reader", "A control that always says the opposite of the truth. It knows as much as a perfect one.",
         None, "", ("inverted",), ("placebo", "reader")),
    Term("use of an opinion", "What is done with what a reader says: it is seen, it adjusts what is held, it pays a "
         "bonus, or it shapes the reward by a potential.", None, "", ("use",),
         ("reward bonus", "potential-based shaping", "veto")),
    Term("weight of an opinion", "How much what a reader says counts.", None, "w", ("weight",), ("use of an opinion",)),
    Term("veto", "An opinion that keeps the agent from holding what it wants: at a weight of a half it turns what it "
         "disagrees with into cash, at 1 it decides alone.", None, "", ("adjustment", "override"),
         ("use of an opinion",)),
    Term("reward bonus", "Paying the agent for agreeing with a reader. It changes what is optimal, so the agent comes "
         "to please the reader.", None, "w·e·p", ("bonus",), ("potential-based shaping", "reward hacking")),
    Term("potential-based shaping", "Adding γΦ(s′) − Φ(s) to the reward, for any function Φ of the state. It cannot "
         "change what is optimal: along the way it adds up to a difference of two ends.", None, "γΦ(s′) − Φ(s)",
         ("potential", "reward shaping", "shaping"), ("reward bonus",)),
    Term("block bootstrap", "Drawing weeks of days again and again to see how much a result could have varied, keeping "
         "what one day says of the next.", None, "", ("bootstrap",), ("Sharpe ratio",)),
    Term("prompt injection", "Text that is to be read, and gives orders instead. A model cannot tell the two apart for "
         "sure.", None, "", ("poisoned headline",), ("large language model", "reader")),
)
