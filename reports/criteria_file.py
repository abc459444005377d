"""Criteria as a file that ``reports.criteria.read_criteria`` and ``guatu rank --criteria`` read."""

from geo.text import Text
from reports.criteria import Criteria, Criterion

HEAD = (
    "# 排名用的准则：权重是相对的。 / Criteria of a ranking: weights are relative.\n"
    "# guatu rank 工作区 --criteria 本文件 / guatu rank WORKSPACE --criteria THIS_FILE\n"
)


def criteria_toml(criteria: Criteria) -> str:
    """Write criteria as TOML; read again they are the same to the last digit.

    Args:
        criteria: weights of any scale, goalposts in the unit of each measure.
    """
    tables = "".join(_table(one) for one in criteria.items)
    return f'{HEAD}normalisation = "{criteria.normalisation}"\n{tables}'


def _table(one: Criterion) -> str:
    """Write one criterion; the comment names it for a reader."""
    numbers = "".join(f"{name} = {float(getattr(one, name))!r}\n" for name in ("weight", "best", "worst"))
    title = Text("{what}（{unit}）", "{what} ({unit})").format(what=one.title, unit=one.unit)
    return f"\n# {title}\n[criteria.{one.key}]\n{numbers}"
