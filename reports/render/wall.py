"""The wall as HTML, for a screen in an office and for a page that is printed."""

from html import escape
from pathlib import Path

import pandas as pd

from geo.text import Lang, Text
from layers.standards import standard
from reports.wall import ORDER, Card, Line, Wall

HEAD = Text("合计 {total} 件，已销号 {struck} 件", "{total} issues, {struck} struck off")
MORE = Text("另有 {n} 件", "{n} more")
EMPTY = Text("没有问题", "nothing reported")
PEOPLE = Text("负责：{who}", "with {who}")
OTHERS = Text("{who}等 {n} 人", "{who} and {n} in all")
_MOST_NAMED = 2
STYLE = """<style>
.wall{font:14px/1.4 "Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#1c2429}
.wall .sum{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;align-items:center;font-size:1.25rem;font-weight:700;margin:0 0 .7rem}
.wall .sum>span{display:inline-flex;gap:.3rem;align-items:center;font-variant-numeric:tabular-nums}
.wall .sum small{font-weight:400;font-size:.95rem;color:#50595f}
.wall .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(390px,1fr));gap:.8rem}
.wall .card{border:1px solid #d5dadd;border-top:4px solid #37474f;border-radius:6px;padding:.5rem .7rem;background:#fff;break-inside:avoid}
.wall .card.red{border-top-color:#c62828}.wall .card.yellow{border-top-color:#f9a825}.wall .card.green{border-top-color:#2e7d32}
.wall h4{margin:0;font-size:1.02rem}.wall .who{color:#50595f;font-size:.86rem;margin:0 0 .25rem}
.wall .counts{float:right;display:inline-flex;gap:.5rem;font-size:.86rem;font-variant-numeric:tabular-nums}
.wall .counts>span{display:inline-flex;align-items:center}
.wall table{border-collapse:collapse;width:100%;table-layout:fixed}
.wall td{padding:.1rem .25rem;border-top:1px solid #eceff1;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.wall td.l{width:4.7rem}.wall td.p{width:8rem}.wall td.d{width:6.8rem;text-align:right;font-variant-numeric:tabular-nums}
.wall tr.done td{color:#50595f}.wall tr.struck td{text-decoration:line-through;color:#78858c}.wall tr.late td.d{color:#b71c1c;font-weight:700}
.wall .lamp{display:inline-block;width:.85em;height:.85em;flex:none;margin-right:.25em;background:currentColor;print-color-adjust:exact}
.wall .triangle{clip-path:polygon(50% 0,100% 100%,0 100%)}.wall .diamond{clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.wall .circle{border-radius:50%}.wall .ring{border-radius:50%;background:none;border:.22em solid;box-sizing:border-box}
.wall .more{color:#50595f;font-size:.86rem;margin:.2rem 0 0}
@media print{.wall .cards{grid-template-columns:repeat(3,1fr)}}
@media(max-width:640px){.wall .cards{grid-template-columns:1fr}
.wall table,.wall tbody{display:block}
.wall tr{display:grid;grid-template-columns:4.7rem 1fr auto;border-top:1px solid #eceff1}.wall td{border:0;width:auto}
.wall tr td.p{grid-row:2;grid-column:2/4;width:auto;color:#50595f;font-size:.86rem}.wall tr td.d{width:auto}}
</style>"""


def wall_html(wall: Wall, lang: Lang, folder: Path | None = None) -> str:
    """Give the wall as a piece of HTML in one language; all words of people are escaped."""
    lamps = standard("lamps", folder).set_index("lamp")
    total = HEAD.format(total=f"{wall.total:,}", struck=f"{wall.struck:,}").in_(lang)
    sums = "".join(
        f"<span>{_lamp(one, lamps, lang)} {wall.by_lamp[one]:,}<small>{_meaning(one, lamps, lang)}</small></span>"
        for one in ORDER
    )
    cards = "".join(_card(one, lamps, lang) for one in wall.cards)
    return f'{STYLE}<div class="wall"><div class="sum">{sums}<small>{total}</small></div><div class="cards">{cards}</div></div>'


def _word(code: str, lamps: pd.DataFrame, column: str, lang: Lang) -> str:
    return escape(str(lamps.loc[code, f"{column}{lang}"]))


def _meaning(code: str, lamps: pd.DataFrame, lang: Lang) -> str:
    return _word(code, lamps, "meaning_", lang)


def _lamp(code: str, lamps: pd.DataFrame, lang: Lang, *, words: bool = True) -> str:
    """Give a lamp: shape, colour, and its word."""
    shape, colour = str(lamps.loc[code, "shape"]), escape(str(lamps.loc[code, "colour"]))
    title = _word(code, lamps, "", lang)
    drawn = f'<span class="lamp {shape}" style="color:{colour}" role="img" aria-label="{title}"></span>'
    return f"{drawn}{title}" if words else drawn


def _card(card: Card, lamps: pd.DataFrame, lang: Lang) -> str:
    worst = next((one for one in ("red", "yellow", "green") if card.by_lamp[one]), "")
    counts = "".join(
        f"<span>{_lamp(one, lamps, lang, words=False)}{card.by_lamp[one]}</span>" for one in ORDER if card.by_lamp[one]
    )
    who = PEOPLE.format(who=_named(card.people, lang)).in_(lang) if card.people else "&nbsp;"
    rows = "".join(_row(one, lamps, lang) for one in card.lines)
    more = f'<p class="more">{MORE.format(n=card.more).in_(lang)}</p>' if card.more else ""
    body = f"<table>{rows}</table>{more}" if rows else f'<p class="more">{EMPTY.in_(lang)}</p>'
    name = escape(card.name.in_(lang))
    return f'<section class="card {worst}"><div class="counts">{counts}</div><h4>{name}</h4><p class="who">{who}</p>{body}</section>'


def _row(line: Line, lamps: pd.DataFrame, lang: Lang) -> str:
    late = line.lamp == "red" and not line.is_done
    kind = " ".join(name for name, on in (("done", line.is_done), ("struck", line.is_struck), ("late", late)) if on)
    last = line.state_words if line.is_done else (line.left if line.left.en else line.due)
    what = escape(line.type_words.in_(lang))
    title = escape(f"{line.issue_id} · {line.state_words.in_(lang)} · {line.due.in_(lang)}")
    return (
        f'<tr class="{kind}" title="{title}"><td class="l">{_lamp(line.lamp, lamps, lang)}</td><td>{what}</td>'
        f'<td class="p">{escape(line.person.in_(lang))}</td><td class="d">{escape(last.in_(lang))}</td></tr>'
    )


def _named(people: tuple[str, ...], lang: Lang) -> str:
    """Name the first people of a list, and say how many there are."""
    named = escape(Text("、", ", ").in_(lang).join(people[:_MOST_NAMED]))
    return named if len(people) <= _MOST_NAMED else OTHERS.format(who=named, n=len(people)).in_(lang)
