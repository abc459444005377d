"""Facts as a piece of HTML: a number, what it rests on, and its changes, in cards that fit a wall and a telephone."""

from collections.abc import Mapping, Sequence
from html import escape

from geo.text import Lang
from reports.performance import Fact

STYLE = """<style>
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:.6rem;font:14px/1.45 "Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#1c2429}
.facts>div{border:1px solid #d5dadd;border-radius:8px;padding:.5rem .75rem;background:#fff;break-inside:avoid}
.facts h4{margin:0;font-size:.92rem;font-weight:400;color:#37414a}
.facts b{display:block;font-size:1.65rem;line-height:1.3;font-variant-numeric:tabular-nums}
.facts b.none{font-size:1.15rem;line-height:1.86;font-weight:400;color:#50595f}
.facts p{margin:0;font-size:.82rem;color:#50595f}
.facts .on{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .5rem;font-variant-numeric:tabular-nums}
.facts .on:first-of-type{margin-top:.3rem}.facts .on span{color:#1c2429}
@media(max-width:640px){.facts{grid-template-columns:1fr 1fr;gap:.4rem}.facts>div{padding:.4rem .5rem}.facts b{font-size:1.35rem}}
</style>"""


def facts_html(facts: Sequence[Fact], lang: Lang) -> str:
    """Give facts as a piece of HTML in one language."""
    return f'{STYLE}<div class="facts">{"".join(_card(one, lang) for one in facts)}</div>'


def _card(fact: Fact, lang: Lang) -> str:
    value = fact.value.in_(lang)
    look = "" if value[:1].isdigit() else ' class="none"'
    changes = "".join(
        f'<p class="on">{escape(words.in_(lang))}<span>{escape(change.in_(lang))}</span></p>'
        for words, change in fact.changes
    )
    title = fact.title.in_(lang)
    return (
        f"<div><h4>{escape(title[:1].upper() + title[1:])}</h4><b{look}>{escape(value)}</b>"
        f"<p>{escape(fact.basis.in_(lang))}</p>{changes}</div>"
    )


PAIRS = """<style>
.pairs{display:grid;grid-template-columns:minmax(5em,28%) 1fr;margin:0;padding:0;font:14px/1.5 "Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#1c2429}
.pairs dt,.pairs dd{margin:0;padding:.32rem .6rem .32rem 0;border-top:1px solid #e2e6e8}
.pairs dt{color:#50595f}.pairs dd{overflow-wrap:anywhere}
</style>"""


def pairs_html(pairs: Mapping[str, str]) -> str:
    """Give titles with their words as a piece of HTML that fits any width."""
    rows = "".join(f"<dt>{escape(title)}</dt><dd>{escape(words)}</dd>" for title, words in pairs.items())
    return f'{PAIRS}<dl class="pairs">{rows}</dl>'
