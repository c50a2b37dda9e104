"""The charts beside a policy: those of the scale that is shown."""

from pages.parts.policy import arrow_charts, network_charts, table_charts
from pages.parts.policy.player import PolicyPlayer
from pages.parts.policy.scales import ARROW, NETWORK, TABLE

CHARTS = {ARROW.name: arrow_charts.charts, TABLE.name: table_charts.charts, NETWORK.name: network_charts.charts}


def charts(me: PolicyPlayer) -> None:
    """Draws the charts of the scale."""
    CHARTS[me.scale.name](me)
