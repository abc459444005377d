"""Faults of a ledger, of what is joined to it, and of its backups: what should be there, and what to do."""

from collections.abc import Mapping

from geo.errors import Problem
from geo.text import Text
from layers.problems import Fault, problem

_RESTORE = Text(
    "用 guatu ledger restore 从备份恢复，或与另一台机器的台账合并；损坏的文件请留存",
    "restore it from a backup with guatu ledger restore, or merge the ledger of another machine; keep the damaged file",
)
_AGAIN = Text("请对方重新导出台账", "have the other side export its ledger again")
_REBUILD = Text(
    "记录本身完好；用 guatu ledger verify --mend 重算现状表",
    "the records are whole: let guatu ledger verify --mend fold the table again",
)
LEDGER_FAULTS: Mapping[str, Fault] = {
    "ledger_pages": Fault("error", Text("数据库各页完好", "pages of a database that hold together"), _RESTORE),
    "ledger_altered": Fault(
        "error", Text("与其摘要一致的记录", "a record that fits its name, the SHA-256 of its content"), _RESTORE
    ),
    "ledger_missing": Fault("error", Text("连续编号的记录", "records numbered without a gap"), _RESTORE),
    "ledger_order": Fault("error", Text("接在前一条之后的记录", "a record that follows the one before it"), _RESTORE),
    "ledger_cut": Fault("error", Text("止于所登记末条的记录", "records up to the end that is registered"), _RESTORE),
    "ledger_writer": Fault("error", Text("已登记的记录者", "a writer that is registered"), _RESTORE),
    "ledger_forked": Fault(
        "warning",
        Text("每个编号一条记录", "one record to a number"),
        Text(
            "同一记录者在恢复备份或复制文件夹后分成两支；两支都保留，请核对这些问题",
            "one writer went on twice, after a restore or from a copied folder: both are kept; look at these issues",
        ),
    ),
    "ledger_place": Fault(
        "error", Text("按到达先后编号的问题记录", "records of an issue numbered in the order of arrival"), _RESTORE
    ),
    "ledger_case": Fault("error", Text("由记录推得的现状", "what follows from the records"), _REBUILD),
    "ledger_unreadable": Fault("row", Text("一行一条台账记录", "one record of a ledger a line"), _AGAIN),
    "ledger_unsound": Fault("row", Text("本台账规则所认识的取值", "values that the rules of this ledger know"), _AGAIN),
    "ledger_waiting": Fault(
        "row",
        Text("前一条记录", "the record before it"),
        Text("先取得缺少的记录，再合并一次", "get the missing record, then merge again"),
    ),
    "ledger_not_here": Fault(
        "error",
        Text("台账文件，或导出的 JSONL", "the file of a ledger, or its export as JSONL"),
        Text("核对路径", "check the path"),
    ),
    "backup_broken": Fault(
        "error",
        Text("完整的台账备份", "a whole backup of a ledger"),
        Text("换一份备份；现有台账没有改动", "take another backup; the ledger was not touched"),
    ),
    "backup_unwritten": Fault(
        "error",
        Text("可写入的位置", "a place that can be written"),
        Text("检查路径、磁盘空间和权限后重试", "check the path, the room on the disk and permissions, then try again"),
    ),
    "backup_elsewhere": Fault(
        "error",
        Text("工作区内的台账文件", "a ledger in a file of the workspace"),
        Text(
            "用数据库自己的工具（如 pg_dump）备份，或用 guatu ledger export 导出",
            "back the database up with its own tools (pg_dump), or write it out with guatu ledger export",
        ),
    ),
}


def ledger_problem(code: str, file: str, found: Text, *, row: str | None = None, column: str | None = None) -> Problem:
    """Make a problem of a kind that ``LEDGER_FAULTS`` lists."""
    return problem(code, file, row=row, column=column, found=found, faults=LEDGER_FAULTS)
