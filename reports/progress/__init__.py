"""How the promises are kept: statistics of cases by published formulas, fair comparisons, and what will be late."""

from reports.progress.breach import breach_list, curves_by_type
from reports.progress.change import changes
from reports.progress.duplicates import suggestions
from reports.progress.duration import spans
from reports.progress.figures import BY, RATES, figures, footnote, titles
from reports.progress.imported import cases_of_issues
from reports.progress.league import league
from reports.progress.marks import Rules, marks
from reports.progress.period import Period, month
from reports.progress.scoring import Score, Tally, score, tally
from reports.progress.shares import shares, solved_levels
from reports.progress.standing import deadline_status, status_shares

__all__ = [
    "BY",
    "RATES",
    "Period",
    "Rules",
    "Score",
    "Tally",
    "breach_list",
    "cases_of_issues",
    "changes",
    "curves_by_type",
    "deadline_status",
    "figures",
    "footnote",
    "league",
    "marks",
    "month",
    "score",
    "shares",
    "solved_levels",
    "spans",
    "status_shares",
    "suggestions",
    "tally",
    "titles",
]
