"""The verb that works with the ledger: who has which issue, by when, and what happened to it."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from commands import ledger_acts, ledger_figures, ledger_keeping, ledger_keys, ledger_lists
from commands.options import WORKSPACE, moment, positive, whole
from commands.verb import Done, Option, Say, UsageError, Verb
from commands.workspace import near
from geo.text import Text
from layers.ledger.log.events import CREATE, KINDS

Part = Callable[[argparse.Namespace, Say], Done]
PARTS: Mapping[str, Part] = {
    **ledger_lists.PARTS,
    **ledger_figures.PARTS,
    **ledger_keeping.PARTS,
    **ledger_keys.PARTS,
    **{"report" if kind == CREATE else kind: ledger_acts.do for kind in KINDS},
}


def ledger(options: argparse.Namespace, say: Say) -> Done:
    """Do what is asked of the ledger."""
    if options.what not in PARTS:
        known = ", ".join(PARTS)
        words = Text("{what} 不是台账操作；可用：{known}", "{what} is nothing that the ledger does; there are {known}")
        raise UsageError(words.format(what=options.what, known=known))
    return PARTS[options.what](options, say)


def _texts(name: str, zh: str, en: str, metavar: str) -> Option:
    return Option((name,), Text(zh, en), {"metavar": metavar})


def _many(name: str, zh: str, en: str, metavar: str) -> Option:
    return Option((name,), Text(zh, en), {"metavar": metavar, "action": "append", "default": []})


def _time(name: str, zh: str, en: str) -> Option:
    return Option((name,), Text(zh, en), {"type": moment, "metavar": "TIME"})


OPTIONS = (
    WORKSPACE,
    Option(("what",), Text("做什么，见上", "what to do, see above"), {"metavar": "WHAT"}),
    Option(
        ("issues",),
        Text("问题编号；merge、restore 为文件", "ids of issues; for merge and restore a file"),
        {"nargs": "*", "metavar": "ISSUE"},
    ),
    _time("--as-of", "按此时刻查看，缺省见说明", "as it stood then"),
    _time("--at", "操作时间，缺省为现在", "when it was done; default now"),
    _texts("--by", "操作人编号；建立账户后必填", "who does it; needed once there are accounts", "PERSON"),
    _many("--state", "状态；查询时可多次", "state; for lists several times", "STATE"),
    _many("--person", "责任人编号", "the person responsible", "PERSON"),
    _many("--department", "责任部门", "the department", "NAME"),
    _many("--grid", "网格编号", "grid id", "GRID"),
    _many("--type", "问题类别代码", "code of an issue type", "CODE"),
    _many("--lamp", "灯：red、yellow、green、blue、grey", "lamp: red, yellow, green, blue or grey", "LAMP"),
    _many("--level", "层级：courtyard 至 district", "level: courtyard to district", "LEVEL"),
    _texts("--text", "说明", "words", "TEXT"),
    _texts("--reason", "原因", "the reason", "TEXT"),
    _texts("--other", "另一问题、项目、照片编号或阶段", "another issue, a project, a photo or a stage", "ID"),
    Option(("--photo",), Text("照片文件", "a photo"), {"type": Path, "metavar": "FILE"}),
    _texts("--role", "照片用途：before、during、after", "of a photo: before, during or after", "ROLE"),
    _texts("--approver", "批准人编号", "who approved it", "PERSON"),
    _time("--until", "延至、缓至或项目期限", "until when: extension, deferral, project"),
    Option(("--severity",), Text("严重程度 1 至 5", "severity from 1 to 5"), {"type": positive, "metavar": "N"}),
    Option(("--satisfaction",), Text("满意度 1 至 5", "satisfaction from 1 to 5"), {"type": positive, "metavar": "N"}),
    Option(
        ("--place",), Text("位置：经度和纬度，如 111.61,26.43", "place: LON,LAT"), {"type": near, "metavar": "LON,LAT"}
    ),
    _texts("--address", "地址", "address", "TEXT"),
    _texts("--source", "来源", "source", "TEXT"),
    Option(("--seen",), Text("看到的版本号", "the clock that was seen"), {"type": whole, "metavar": "N"}),
    _texts("--command-id", "命令编号，重复提交只记一次", "name of the command: sent twice it counts once", "ID"),
    Option(("--hours",), Text("此小时内到期", "due within so many hours"), {"type": positive, "metavar": "N"}),
    _time("--since", "统计起", "statistics from"),
    Option(
        ("--group",),
        Text("统计分组", "statistics by"),
        {"choices": ("grid", "person", "department", "type", "source", "level"), "metavar": "NAME"},
    ),
    Option(
        ("--rows",),
        Text("列出行数，缺省 100", "rows to list; default 100"),
        {"type": positive, "default": 100, "metavar": "N"},
    ),
    Option(("--start",), Text("跳过行数", "rows to leave out"), {"type": whole, "default": 0, "metavar": "N"}),
    Option(
        ("--limits",),
        Text("start：按类型给未办结问题定期限", "start: give open issues the limits of their type"),
        {"action": "store_true"},
    ),
    Option(
        ("--mend",), Text("verify：重新推算当前状态", "verify: fold the present state anew"), {"action": "store_true"}
    ),
    Option(("--out",), Text("输出文件", "the file to write"), {"type": Path, "metavar": "FILE"}),
)
VERBS = {
    "ledger": Verb(
        Text(
            "办理台账。查询：list、show、due、kpi（统计）、risk（可能超期）、twins（疑似重复）；保管：start（把图层问题记入台账）、verify、export、photos（导出照片，不带拍摄信息）、merge、backup、restore、rise（到期提级）、key、keys、end-key（上报接口密钥）；"
            "操作：report、move、assign、reach、classify、pause、resume、extend、escalate、photo、fuse、unfuse、note、settle。",
            "Works with the ledger. To look: list, show, due, kpi (statistics), risk (what will probably be late), twins (possible duplicates). To keep: start (enter the issues of the layer), verify, export, photos (write them without the notes of the camera), merge, backup, restore, "
            "rise (what is due goes up a level), key, keys and end-key (keys of programs that report). To act: report, move, assign, reach, classify, pause, resume, extend, escalate, photo, fuse, unfuse, note, settle.",
        ),
        OPTIONS,
        (
            "ledger huolong list --lamp red --rows 5",
            "ledger huolong show HL-2021-0001 --json",
            "ledger huolong move HL-2021-0310 --state accepted --at 2021-08-31T18:00",
            "ledger huolong kpi --since 2021-08-01 --until 2021-08-31 --group grid",
        ),
        ledger,
    )
}
