"""Growth along an S: how a count that has an end (households that signed, that moved) goes on, and when it is reached.

Logistic, Gompertz and Richards curves are one family (Richards 1959, A Flexible Growth Function for Empirical Use,
J. Exp. Bot. 10): with ``g(t) = (1 + shape exp(-rate (t - middle)))**(-1/shape)``, shape 1 is the logistic curve and
shape towards 0 that of Gompertz; ``middle`` is the step of the fastest growth in all of them. The curve is begun at
nothing: ``G(t) = ceiling (g(t) - g(0)) / (1 - g(0))``.

Not the sums are fitted (neighbouring sums share their errors) but what came in each step, as counts with more scatter
than Poisson has, by penalised likelihood. Intervals draw the parameters from their normal approximation and the
counts to come from a negative binomial of that scatter. What beats no plain continuation of the last pace is not used.
"""

from geo.growth.ahead import PACE, GrowthForecast, growth_forecast
from geo.growth.choice import WAYS, ChosenGrowth, HeldBack, chosen_growth, held_back
from geo.growth.curves import CURVES, Fitted, fit_growth, growth_curve

__all__ = [
    "CURVES",
    "PACE",
    "WAYS",
    "ChosenGrowth",
    "Fitted",
    "GrowthForecast",
    "HeldBack",
    "chosen_growth",
    "fit_growth",
    "growth_curve",
    "growth_forecast",
    "held_back",
]
