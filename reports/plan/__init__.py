"""Budget plans: which renewal items in which year, from whose money, and what more or less money would bring."""

from reports.plan.outlook import Outlook, outlook
from reports.plan.plan import Ground, Plan, choose_items, plan_ground
from reports.plan.saved import SavedPlan, save_plan, saved_plans
from reports.plan.terms import Terms

__all__ = [
    "Ground",
    "Outlook",
    "Plan",
    "SavedPlan",
    "Terms",
    "choose_items",
    "outlook",
    "plan_ground",
    "save_plan",
    "saved_plans",
]
