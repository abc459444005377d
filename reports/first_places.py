"""The counterfactual: the smallest change, of issues or of one measure, that moves a grid in or out of the first places."""

from dataclasses import dataclass

from geo.text import Text, listed
from layers import ISSUES
from layers.schema import Issues
from layers.standards import issue_types
from reports.issue_moves import IssueChange, can_move, fewest_closed, fewest_reported, issue_sentence, last_score
from reports.moves import Change, one_measure, shut
from reports.priority import FIRST, Ranking

ALL_IN = Text("只有 {n} 个参加排名，都在前 {k} 名。", "Only {n} are ranked, so all are among the first {k}.")
NO_CLOSING = Text(
    "未办结问题即使全部办结（最多考虑 {n} 件），仍在前 {k} 名。",
    "Even with all its open issues closed (up to {n} are considered) it would stay among the first {k}.",
)
NO_REPORTS = Text(
    "同一类问题再新增 {n} 件以内，不会进入前 {k} 名。",
    "Up to {n} more issues of any one type would not bring it into the first {k}.",
)
ALONE = Text("只办结一类时：{some}。", "Closing one type alone: {some}.")


@dataclass(frozen=True)
class FirstPlaces:
    """What would move a ranked grid across the line of the first ``first`` places.

    ``inside`` says on which side it stands. ``measure`` is the smallest change of one measure, ``issues`` the fewest
    issues; each None where nothing of the kind is enough. ``by_measure`` and ``by_issues`` say it.
    """

    first: int
    inside: bool
    measure: Change | None
    issues: IssueChange | None
    by_measure: Text
    by_issues: tuple[Text, ...]

    @property
    def sentences(self) -> tuple[Text, ...]:
        """All that is said."""
        return (self.by_measure, *self.by_issues)


def first_places(ranking: Ranking, grid_id: str, first: int = FIRST) -> FirstPlaces | None:
    """Find what would move a ranked grid into or out of the first places; None without fixed goalposts.

    Both changes are minimal: the measure by the part of its goalpost range, the issues by their number.
    """
    if ranking.criteria.normalisation != "goalposts":
        return None
    wanted = last_score(ranking, grid_id, first)
    if wanted is None:
        said = ALL_IN.format(n=int(ranking.grids["enough_data"].sum()), k=first)
        return FirstPlaces(first, inside=True, measure=None, issues=None, by_measure=said, by_issues=())
    gap = wanted - float(ranking.total[grid_id])
    inside = bool(ranking.grids["rank"][grid_id] <= first)
    last = _last(ranking, grid_id, first)
    measure = one_measure(ranking, grid_id, last, gap)
    by_measure = measure.said(_WORDS[measure.direction], k=first) if measure else shut(ranking, grid_id, gap, first)
    issues: IssueChange | None = None
    by_issues: list[Text] = []
    if can_move(ranking):
        issues = (fewest_closed if inside else fewest_reported)(ranking, grid_id, first)
        by_issues = _issue_words(ranking, issues, first, inside=inside)
    return FirstPlaces(first, inside, measure, issues, by_measure, tuple(by_issues))


_WORDS = {
    "up": Text(
        "若{what}由 {a} 变为 {b}\u00a0{unit}，将进入前 {k} 名。",
        "If {what} went from {a} to {b}\u00a0{unit}, it would enter the first {k}.",
    ),
    "down": Text(
        "若{what}由 {a} 变为 {b}\u00a0{unit}，将退出前 {k} 名。",
        "If {what} went from {a} to {b}\u00a0{unit}, it would leave the first {k}.",
    ),
}


def _last(ranking: Ranking, grid_id: str, first: int) -> str:
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"].drop(grid_id)
    return str(scores.sort_values(ascending=False, kind="stable").index[first - 1])


def _issue_words(ranking: Ranking, issues: IssueChange | None, first: int, *, inside: bool) -> list[Text]:
    if issues is None:
        most = int(ranking.measures.policy["explain_most_issues"])
        return [(NO_CLOSING if inside else NO_REPORTS).format(n=most, k=first)]
    codes = sorted({*issues.by_type, *issues.alone} & set(ranking.ws[ISSUES][Issues.issue_type].dropna().unique()))
    table = issue_types(ranking.ws.folder)
    words = {code: Text(str(table["zh"][code]), str(table["en"][code])) for code in codes}
    said = [issue_sentence(issues, first, words)]
    alone = [
        Text("{what} {n} 件", "{n} of {what}").format(what=words[code], n=count)
        for code, count in issues.alone.items()
        if count is not None and code in words
    ]
    if inside and alone and len(issues.by_type) > 1:
        said.append(ALONE.format(some=listed(alone)))
    return said
