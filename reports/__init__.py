"""Policy and paper: what it means, what comes first, what it costs, how it is shown."""

from reports.briefing import brief
from reports.criteria import MEASURES, Criteria, Criterion, read_criteria
from reports.document import Report
from reports.explanation import Explanation, explain
from reports.health.examination import Health, health_check
from reports.immediate import immediate_list
from reports.measures import Measured
from reports.overview import grid_counts, issue_counts, layer_counts, type_counts
from reports.plan import Plan, choose_items, outlook, save_plan
from reports.priority import Measures, Ranking, measured, rank
from reports.render import save
from reports.webmap import draw, write_map
from reports.works import items_of, need_removed, propose

__all__ = [
    "MEASURES",
    "Criteria",
    "Criterion",
    "Explanation",
    "Health",
    "Measured",
    "Measures",
    "Plan",
    "Ranking",
    "Report",
    "brief",
    "choose_items",
    "draw",
    "explain",
    "grid_counts",
    "health_check",
    "immediate_list",
    "issue_counts",
    "items_of",
    "layer_counts",
    "measured",
    "need_removed",
    "outlook",
    "propose",
    "rank",
    "read_criteria",
    "save",
    "save_plan",
    "type_counts",
    "write_map",
]
