"""The parts of an address and the patterns of the Chinese grammar that ``addresses`` reads them with."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from geo.text import Text
from layers.intake.places.name_forms import HAN


class Address(NamedTuple):
    """The parts of an address; "" where the text does not say.

    Numbers are in digits and capitals ("3", "B", "12-3", "501"), a unit may also be 东 西 南 北 中. ``also`` is a
    second building (3栋与4栋之间), ``cross`` a second street, ``side`` a key of ``SIDES``, ``grid`` the words for a
    grid, ``region`` what is larger than a street or an estate: city, district, town, postcode. ``away_m`` is how far
    from there the thing is said to be (以北约200米), in whole metres.
    """

    region: str = ""
    grid: str = ""
    street: str = ""
    cross: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    also: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    landmark: str = ""
    side: str = ""
    away_m: str = ""


SIDES: Mapping[str, Text] = MappingProxyType(
    {
        "northeast": Text("东北侧", "northeast side"),
        "southeast": Text("东南侧", "southeast side"),
        "northwest": Text("西北侧", "northwest side"),
        "southwest": Text("西南侧", "southwest side"),
        "east": Text("东侧", "east side"),
        "west": Text("西侧", "west side"),
        "south": Text("南侧", "south side"),
        "north": Text("北侧", "north side"),
        "opposite": Text("对面", "opposite"),
        "gate": Text("门口", "entrance"),
        "below": Text("楼下", "downstairs"),
        "back": Text("后面", "rear"),
        "front": Text("前面", "front"),
        "corner": Text("拐角", "corner"),
        "inside": Text("院内", "inside"),
        "beside": Text("旁", "next to"),
        "near": Text("附近", "near"),
    }
)
"""Words for where a thing lies from the place that is named, by key."""

COMPASS: Mapping[str, str] = MappingProxyType(
    {"东北": "northeast", "东南": "southeast", "西北": "northwest", "西南": "southwest"}
    | {"东": "east", "西": "west", "南": "south", "北": "north"}
)
"""Chinese points of the compass as keys of ``SIDES``."""
_ID = "(?:[0-9]{1,4}[A-Za-z]?|[A-Za-z][0-9]{0,3}|[一二三四五六七八九十百零〇两]{1,5}|[甲乙丙丁戊])"
_COUNT = "(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_NAME = f"[{HAN}A-Za-z0-9·]"
_BLOCK = "(?:号楼|号栋|号住宅楼|#楼|#栋|#(?![0-9])|[栋幢](?:楼(?![下上前后道梯顶]))?|座(?![公厕桥椅垃塔亭]))"
_AND = "[-至到、和与及,]"
_LARGE = f"(?![路街巷村院苑栋幢])[{HAN}]"
_KINDS_OF_STREET = "大道|大街|胡同|甬道|(?<![铁公马电线网回管水道])路(?![局桥段沿政]|灯(?!塔))|(?<!临)街(?![道区坊心边])|巷(?!子)|(?<![0-9])弄(?![堂里])"
_LANDMARKS = (
    "公共厕所|公厕|厕所|小游园|公园|广场|停车场|停车区|停车楼|地下车库|车库|车棚|泊位|充电桩|充电点|充电站|幼儿园|小学|中学|学校|大学|"
    "医院|卫生服务站|卫生院|门诊部|诊所|药店|菜市场|农贸市场|市场|超市|便利店|商场|银行|邮局|驿站|服务站|服务中心|活动中心|"
    "活动场地|活动室|文化站|居委会|派出所|垃圾收集点|垃圾站|垃圾点|垃圾房|公交站|地铁站|加油站|配电房|水泵房|健身点|健身区|游乐区|"
    "篮球场|球场|凉亭|戏台|老年人日间照料中心|照料中心|食堂|社区记忆馆|体育馆|图书馆|博物馆|酒店|宾馆|饭店|工地|空地|天桥|铁路桥|大桥"
)
_ESTATES = "小区|新村|新区|花园|家属院|家属楼|宿舍楼?|公寓|家园|花苑|山庄|华庭|雅苑|苑|村|大院|院(?!长)|里弄|新城|府|坊"
_SIDES_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "northeast": "东北(?:侧|边|面|角|方向)",
        "southeast": "东南(?:侧|边|面|角|方向)",
        "northwest": "西北(?:侧|边|面|角|方向)",
        "southwest": "西南(?:侧|边|面|角|方向)",
        "east": "东(?:侧|边|面|头|端|墙|首|门|方向)",
        "west": "西(?:侧|边|面|头|端|墙|首|门|方向)",
        "south": "南(?:侧|边|面|头|端|墙|首|门|方向)",
        "north": "北(?:侧|边|面|头|端|墙|首|门|方向)",
        "opposite": "斜?对面|对过",
        "gate": "单元门口|大门口|门口|门前|门外|入口|出口|大门",
        "below": "楼下",
        "back": "楼后|屋后|后面|背后|后门|后侧|后方|后",
        "front": "楼前|屋前|前面|前方|前侧|正门|前(?!几|天|段|不)",
        "corner": "拐角|转角|墙角",
        "inside": "院坝?内|小区内|楼道内|内部|里面|内(?!墙|涝)",
        "beside": "旁边?|边上|隔壁|侧面",
        "near": "附近|周边|周围|一带",
    }
)

GRAMMAR: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "grid": re.compile(f"第?(?:[0-9]{{1,3}}(?:-[0-9]{{1,3}})?|{_COUNT})号?(?:大|小|微)?网格"),
        "short": re.compile("(?<![0-9-])([0-9]{1,3})-([0-9]{1,2})-([0-9]{3,4})(?![0-9-])"),
        "building": re.compile(
            f"(?<![0-9A-Za-z])第?({_ID})(?:{_AND}({_ID}))?(?:{_BLOCK}|号(?={_COUNT}单元))(?:{_AND}({_ID}){_BLOCK})?"
        ),
        "number": re.compile(
            "(?<![0-9A-Za-z])([0-9]{1,5}(?:弄[0-9]{1,4})?(?:[-附][0-9]{1,4})?[A-Za-z]?|[一二三四五六七八九十百零〇]{1,5})"
            "号(?:之([0-9一二三四五六七八九]))?(?![线井桥车网])(?:大?院)?|(?<![0-9])([0-9]{1,4}弄)"
        ),
        "unit": re.compile(f"[ ,]?第?({_ID}|[东西南北中])(?:单元|门(?![口前外卫牌面]))"),
        "floor": re.compile(f"[ ,]?((?:负|地下|B)?{_COUNT})(?:楼|层)(?!梯)"),
        "room": re.compile("[ ,]?([0-9]{3,4})(?:室|房|号房|户|号(?![0-9]))|[ ,]?([0-9]{3,4})(?![0-9.元米])"),
        "region": re.compile(
            f"(?:(?:{_LARGE}){{2,7}}?(?:省|自治区))?(?:(?:{_LARGE}){{2,7}}?(?<!城)市(?![场民政心]))?"
            f"(?:(?:{_LARGE}){{1,6}}?(?:(?<![小社片园校厂院新景工东西南北中一二三四五])区|县))?(?:[{HAN}]{{1,6}}?(?:街道(?!办)|镇|乡))?"
            f"(?P<community>[{HAN}]{{1,8}}?(?:社区(?!服务|卫生|记忆|文化[站中活]|[东南西北中一二三四五六七八九十0-9]{{1,2}}[区期])|居委会|村委会))?"
        ),
        "lead": re.compile(
            "(?:[ ,:]|位于|地址|位置|地点|靠近|沿着|[在靠沿从与和近]|(?:有?居民|市民|群众|业主|住户|来电人?|网格员|巡查)|反映|投诉|诉求|"
            "咨询|表示|家住|住在|我是|我们|发现|关于|请到|[称说]){1,9}"
        ),
        "street": re.compile(f"{_NAME}{{1,10}}?(?:{_KINDS_OF_STREET})"),
        "and": re.compile("[ ,]?(?:与|和|及|、|/|-|&|交)[ ]?"),
        "meet": re.compile("[ ]?的?(?:交叉路?口|交汇处|交界处|十字路口|丁字路口|三岔路口|相交处?|路口|拐角|转角|口)"),
        "landmark": re.compile(f"[{HAN}A-Za-z0-9()·]{{0,16}}?(?:{_LANDMARKS})"),
        "ending": re.compile(f"(?:社区|{_ESTATES})(?:[东南西北中]区)?(?![{HAN}])"),
        "estate": re.compile(
            f"{_NAME}{{1,12}}?(?:{_ESTATES})(?:小区|新村|花园|家属院|宿舍|公寓|家园|山庄|苑){{0,2}}(?!路|街|巷)"
        ),
        "away": re.compile(
            f"(?:[往向朝以]?(?P<way>{'|'.join(COMPASS)})(?:侧|面|边|方向|方)?(?:行|走)?)?(?:大?约|大概|近)?(?P<metres>[0-9]{{1,4}})"
            "(?:余|多)?(?:米|m(?![A-Za-z0-9²]))(?:左右|开外|处|外|远)?"
        ),
        "side": re.compile("|".join(f"(?P<{key}>{words})" for key, words in _SIDES_WORDS.items())),
        "piece": re.compile("[ ]|[(](?![^()]{1,20}[)])"),
        "gap": re.compile("(?<=[0-9]) (?=[号#栋幢座单楼层室弄])|(?<=第) (?=[0-9])"),
        "separator": re.compile("[ \t\r\n,;:。，；：|]+"),
    }
)
"""Each rule of the Chinese grammar; no repeat in them is without bound inside another."""
