"""Address texts come apart into the right parts, come together again, and never cost more than a bounded effort."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.intake.places import address_words, addresses_english
from layers.intake.places.addresses import SIDES, Address, parts_of, written
from layers.intake.places.name_forms import LETTERS, counted, folded, in_digits, name_key, names_of, one_slip_apart

CASES = {
    "3号楼2单元西侧": Address(building="3", unit="2", side="west"),
    "３号楼２单元西侧": Address(building="3", unit="2", side="west"),
    "铁路一村1栋": Address(estate="铁路一村", building="1"),
    "永州市冷水滩区天桥南路铁路一村3栋2单元501室": Address(
        region="永州市冷水滩区", street="天桥南路", estate="铁路一村", building="3", unit="2", room="501"
    ),
    "粮站巷 粮站宿舍1栋": Address(street="粮站巷", estate="粮站宿舍", building="1"),
    "工人巷靠铁路二村5栋一段路面有个大坑，下雨就积水": Address(street="工人巷", estate="铁路二村", building="5"),
    "铁路背街（铁路一村1栋附近）泥巴路": Address(street="铁路背街", estate="铁路一村", building="1", side="near"),
    "铁路二村1栋东侧垃圾堆了好几天": Address(estate="铁路二村", building="1", side="east"),
    "建设路12号": Address(street="建设路", number="12"),
    "建设路十二号之一": Address(street="建设路", number="12-1"),
    "建设路１２号院３号楼": Address(street="建设路", number="12", building="3"),
    "浦东大道100弄5号": Address(street="浦东大道", number="100弄5"),
    "市场街公厕旁": Address(street="市场街", landmark="公厕", side="beside"),
    "活龙实践广场": Address(landmark="活龙实践广场"),
    "天桥南路与解放巷交叉口": Address(street="天桥南路", cross="解放巷"),
    "天桥南路解放巷路口": Address(street="天桥南路", cross="解放巷"),
    "天桥花园B栋东单元": Address(estate="天桥花园", building="B", unit="东"),
    "天桥花园3#楼": Address(estate="天桥花园", building="3"),
    "天桥花园3＃": Address(estate="天桥花园", building="3"),
    "天桥花园三号楼二单元五楼": Address(estate="天桥花园", building="3", unit="2", floor="5"),
    "铁路二村3-2-501": Address(estate="铁路二村", building="3", unit="2", room="501"),
    "铁路二村3栋与4栋之间": Address(estate="铁路二村", building="3", also="4"),
    "铁路二村3-5栋": Address(estate="铁路二村", building="3", also="5"),
    "天桥花园3栋负一层": Address(estate="天桥花园", building="3", floor="B1"),
    "第3-2小网格 铁路二村3栋": Address(grid="第3-2小网格", estate="铁路二村", building="3"),
    "铁路一村甬道": Address(street="铁路一村甬道"),
    "活龙社区育才小区门口": Address(region="活龙社区", estate="育才小区", side="gate"),
    "大学路新村6幢": Address(estate="大学路新村", building="6"),
    "葵巷社区1幢": Address(estate="葵巷社区", building="1"),
    "文一路马市街小区3幢": Address(region="文一路", estate="马市街小区", building="3"),
    "古荡新村（东）3幢": Address(estate="古荡新村(东)", building="3"),
    "居民反映铁路一村3栋楼下": Address(estate="铁路一村", building="3", side="below"),
    "12 Main St, rear": Address(street="Main St", number="12", side="back"),
    "Rear of 5 Charles St S, Boston MA": Address(region="Boston MA", street="Charles St S", number="5", side="back"),
    "corner of Main St and School St": Address(street="Main St", cross="School St"),
    "INTERSECTION Tremont St & School St": Address(street="Tremont St", cross="School St"),
    "INTERSECTION of Boylston St & Brookside Ave  Jamaica Plain  MA": Address(
        region="Jamaica Plain MA", street="Boylston St", cross="Brookside Ave"
    ),
    "36 Blue Hill Ave": Address(street="Blue Hill Ave", number="36"),
    "29 Hereford St Boston MA 02115": Address(region="Boston MA 02115", street="Hereford St", number="29"),
    "28A-28 Anderson St  Boston  MA  02114": Address(region="Boston MA 02114", street="Anderson St", number="28A-28"),
    "0 Main St  Charlestown  MA": Address(region="Charlestown MA", street="Main St"),
    "507 Jamaicaway  Jamaica Plain  MA": Address(region="Jamaica Plain MA", street="Jamaicaway", number="507"),
    "12 Main St Apt 5": Address(street="Main St", number="12", unit="5"),
    "near Boston Public Library": Address(landmark="Boston Public Library", side="near"),
    "": Address(),
    "，。（）": Address(),
    "\u200b": Address(),
}


@pytest.mark.parametrize(("text", "parts"), CASES.items(), ids=[text or "empty" for text in CASES])
def test_parts(text: str, parts: Address) -> None:
    assert parts_of(text) == parts


NEUTRAL = st.text("兴隆福祥瑞锦绣康宁泰安明珠", min_size=2, max_size=4)
NUMBER = st.integers(1, 199).map(str)
BUILDING = st.one_of(NUMBER, st.sampled_from("ABCDEFGH"))
OR_NOTHING = st.just("")


@st.composite
def chinese(draw: st.DrawFn) -> Address:
    def name(*endings: str) -> str:
        return draw(NEUTRAL) + draw(st.sampled_from(endings))

    region = draw(st.sampled_from(["", name("市"), name("市") + name("区"), name("社区")]))
    street = draw(st.sampled_from(["", name("路", "街", "巷", "大道")]))
    cross = name("路", "街", "巷") if street and draw(st.booleans()) else ""
    number = draw(st.one_of(OR_NOTHING, NUMBER)) if street and not cross else ""
    address = Address(region=region, street=street, cross=cross, number=number)
    side = draw(st.sampled_from(["", *SIDES]))
    if draw(st.booleans()):
        unit = draw(st.one_of(OR_NOTHING, st.integers(1, 9).map(str), st.sampled_from("东西南北中")))
        floor = draw(st.one_of(OR_NOTHING, st.integers(1, 33).map(str), st.just("B1")))
        also = draw(st.one_of(OR_NOTHING, NUMBER)) if not (unit or floor) else ""
        room = draw(st.one_of(OR_NOTHING, st.integers(101, 3302).map(str))) if not also else ""
        inside = {"unit": unit, "floor": floor, "room": room, "side": side, "also": also}
        return address._replace(estate=name("小区", "新村", "花园", "家属院", "苑"), building=draw(BUILDING), **inside)
    if cross:
        return address
    kind, endings = draw(st.sampled_from([("estate", ("小区", "新村", "苑")), ("landmark", ("公厕", "公园", "学校"))]))
    away = draw(st.sampled_from(["", "15", "200"]))
    return address._replace(**{kind: name(*endings)}, side=side, away_m=away)


@st.composite
def english(draw: st.DrawFn) -> Address:
    words = st.sampled_from(["Maple", "Blue Hill", "St Mary", "Old Colony", "Third", "O'Brien", "Martin L King"])
    street = f"{draw(words)} {draw(st.sampled_from(['St', 'Ave', 'Road', 'Pl', 'Blvd']))}"
    region = draw(st.sampled_from(["", "Boston MA 02115", "South Boston", "Jamaica Plain MA"]))
    if draw(st.booleans()):
        return Address(region=region, street=street, cross=f"{draw(words)} Terrace")
    number = draw(st.one_of(OR_NOTHING, NUMBER, st.sampled_from(["12A", "17-19", "28A-28"])))
    unit, floor = draw(st.one_of(OR_NOTHING, NUMBER)), draw(st.one_of(OR_NOTHING, NUMBER))
    side = draw(st.sampled_from(["", *SIDES]))
    away = draw(st.sampled_from(["", "15", "200"]))
    return Address(region=region, street=street, number=number, unit=unit, floor=floor, side=side, away_m=away)


@settings(deadline=None, max_examples=400)
@given(st.one_of(chinese(), english()))
def test_an_address_that_is_written_is_read_as_the_same(address: Address) -> None:
    assert parts_of(written(address)) == address


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_an_address_and_only_its_beginning_counts(text: str) -> None:
    assert isinstance(parts_of(text), Address)
    assert len(folded(text)) <= LETTERS
    assert parts_of(text) == parts_of(text[:LETTERS])


@pytest.mark.parametrize("piece", ["路", "3栋与", "号", "一", "(", "A", "12 ", "a ", "St & ", "东北 ", "与巷", "ﷺ"])
def test_ten_thousand_letters_are_read_as_the_first_two_hundred(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert parts_of(text) == parts_of(text[:LETTERS])
    assert len(folded(text)) <= LETTERS


def repeats(tree: Any, depth: int = 0) -> Iterator[tuple[int, int, int]]:
    """Give (most, depth, least) of every repeat of a parsed pattern; depth counts repeats around it."""
    for kind, what in tree:
        name = str(kind)
        inner = []
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            least, most, body = what
            yield int(most), depth, int(least)
            yield from repeats(body, depth + (int(most) > 1))
        elif name == "SUBPATTERN":
            inner = [what[3]]
        elif name == "BRANCH":
            inner = what[1]
        elif name in {"ASSERT", "ASSERT_NOT"}:
            inner = [what[1]]
        for body in inner:
            yield from repeats(body, depth)


PATTERNS = {
    **{f"zh {name}": pattern for name, pattern in address_words.GRAMMAR.items()},
    **{f"en {name}": pattern for name, pattern in addresses_english.GRAMMAR.items()},
}


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_repeats_without_bound_inside_a_repeat(name: str) -> None:
    """Without nested open repeats a match on at most 200 letters takes a bounded number of steps."""
    pattern = PATTERNS[name]
    parsed = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]
    for most, depth, _ in repeats(parsed):
        assert most <= 60 or depth == 0, name
        assert depth <= 1, f"{name}: repeats in repeats in repeats"
    open_ones = [most for most, _, _ in repeats(parsed) if most > 60]
    assert len(open_ones) <= 2, name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("铁路一村", "铁路１村"),
        ("天桥 花园", "天桥花园"),
        ("育才（东）小区", "育才(东)小区"),
        ("Massachusetts Avenue", "MASSACHUSETTS AVE"),
        ("St. Botolph Street", "Saint Botolph St"),
        ("West Fourth St.", "W 4TH ST"),
        ("The O'Brien Highway", "OBRIEN HWY"),
        ("鐵路一村3號樓", "铁路一村3号楼"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_in_brackets_have_three_forms() -> None:
    assert names_of("快递驿站（天桥花园）") == ("快递驿站天桥花园", "快递驿站", "天桥花园快递驿站")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("建财新村", "建材新村", True),
        ("建材新", "建材新村", True),
        ("活龙1巷", "活龙2巷", False),
        ("天桥南路", "天桥北路", False),
        ("天桥南路", "天桥路", False),
        ("e 4th st", "w 4th st", False),
        ("boylston st", "boyslton st", False),
        ("建材新村", "建材新村", False),
    ],
)
def test_one_slip_never_changes_what_tells_places_apart(one: str, other: str, alike: bool) -> None:  # noqa: FBT001
    assert one_slip_apart(one, other) is alike
    assert one_slip_apart(other, one) is alike


def test_numerals() -> None:
    assert [counted(n) for n in ("三", "十", "十二", "二十", "二十一", "一百零三", "三〇一", "一百二十")] == [
        3,
        10,
        12,
        20,
        21,
        103,
        301,
        120,
    ]
    assert in_digits("活龙一巷一百二十号十一栋") == "活龙1巷120号11栋"
    for wrong in ("", "路"):
        with pytest.raises(ValueError, match="no numeral"):
            counted(wrong)


@pytest.mark.parametrize(
    ("text", "side", "away_m"),
    [
        ("南公厕北侧约200米", "north", "200"),
        ("南公厕以东100余米处", "east", "100"),
        ("南公厕往西北方向走350米左右", "northwest", "350"),
        ("南公厕对面50米", "opposite", "50"),
        ("南公厕附近", "near", ""),
        ("120 m north of Ringer Park", "north", "120"),
        ("Ringer Park, 100 feet to the south-west of", "southwest", "30"),
    ],
)
def test_how_far_away_is_read(text: str, side: str, away_m: str) -> None:
    found = parts_of(text)
    assert (found.side, found.away_m) == (side, away_m)
    assert "公厕" in found.landmark or "Ringer" in found.landmark + found.street
