"""Every fault that an intake can meet: what should be there and what to do about it."""

from collections.abc import Mapping

from geo.errors import Problem
from geo.findings import NOTHING
from geo.text import Text
from layers.problems import Fault, problem

CORRECT = Text("改正后重新入库", "correct it and take the file in again")
FAULTS: Mapping[str, Fault] = {
    "intake_busy": Fault(
        "error",
        Text("同一时间只有一处入库", "one intake at a time"),
        Text("等对方完成后再试", "wait until the other is done and try again"),
    ),
    "storing_stopped": Fault(
        "error",
        Text("完整结束的入库", "storing that comes to its end"),
        Text(
            "工作区保持原样。请再入库一次；若再次发生，核对内存和磁盘空间是否够用",
            "the workspace is as it was; store it again, and if it happens again look whether memory or disk are full",
        ),
    ),
    "nothing_to_undo": Fault(
        "error",
        Text("可以撤销的入库", "an intake that can be undone"),
        Text("无需撤销；需要时从备份恢复", "nothing to do; restore a backup if need be"),
    ),
    "changed_since": Fault(
        "error",
        Text("入库后未被改动的图层", "layers as the intake left them"),
        Text("先另存改动，或从备份恢复", "save the changes elsewhere first, or restore a backup"),
    ),
    "plan_outdated": Fault(
        "error",
        Text("做出方案时的图层", "the layers that the plan was made for"),
        Text("重新预览，确认无误后再应用", "look at the preview again, then apply it"),
    ),
    "workspace_faulty": Fault(
        "error",
        Text("没有错误的工作区", "a workspace without errors"),
        Text("先运行 guatu check 并改正", "run guatu check and mend what it lists first"),
    ),
    "nothing_kept": Fault(
        "error",
        Text("至少一行可以入库", "at least one row that can be taken in"),
        Text("按每行的原因改正后再入库", "correct the rows by their reasons and try again"),
    ),
    "no_part": Fault(
        "error",
        Text("文件中的表或图层", "a sheet or layer of the file"),
        Text("改用其中一个名称", "use one of these names"),
    ),
    "which_part": Fault(
        "error",
        Text("一次一个图层", "one layer at a time"),
        Text("用 --sheet 指定要入库的一个", "say with --sheet which one to take in"),
    ),
    "read_together": Fault(
        "warning",
        Text("同一份台账的几个文件", "files that are one ledger"),
        Text(
            "压缩包中的这几个文件按一份台账读取；不是同一份时，用 --sheet 文件名 逐个收入",
            "these files of the archive are read as one ledger; if they are not, take in each with --sheet FILE",
        ),
    ),
    "no_mapping": Fault(
        "error",
        Text("能对应到图层字段的列", "columns that fit columns of the layer"),
        Text("用 --map 指定列的对应关系", "say with --map which column is which"),
    ),
    "missing_required": Fault(
        "row",
        Text("必填的值", "a value, since the column is required"),
        Text("补填该单元格", "fill in the cell"),
    ),
    "column_gaps": Fault(
        "warning",
        Text("每行都有值", "a value in each row"),
        Text("能补则补；空着按未知处理，不计为 0", "fill in what is known; empty stays unknown and is never 0"),
    ),
    "many_spellings": Fault(
        "warning",
        Text("一个值一种写法", "one way of writing for each value"),
        Text("统一写法后再入库，分组统计才不会拆散", "write it in one way, or counts by it fall apart"),
    ),
    "read_as": Fault(
        "warning",
        Text("与写法一致的值", "a value that is simply what is written"),
        Text("抽查几处，确认读法正确", "look at some of them to confirm the reading"),
    ),
    "midnight_kept": Fault(
        "warning",
        Text("截止的日期，或不在零点的时刻", "a day, or a time other than midnight, as a deadline"),
        Text(
            "写明 00:00 的按当天开始时的零点计；若指当天结束，只写日期",
            "00:00 is kept as written, the start of that day; write the day alone if its end is meant",
        ),
    ),
    "midnight_untold": Fault(
        "warning",
        Text("写明时刻的截止时间", "a deadline with its time of day"),
        Text(
            "电子表格的日期单元格分不出零点和没有时刻，都算到当天结束；确为零点的，改为文本“2021-06-01 00:00:00”",
            "a date cell of a spreadsheet cannot tell midnight from no time at all, so the whole day counts; where midnight "
            "is meant, write 2021-06-01 00:00:00 as text",
        ),
    ),
    "stated_unknown": Fault(
        "warning",
        Text("已知的值", "a known value"),
        Text("有了数值再补；现按未知处理，不计为 0", "fill it in when it is known; it stays unknown and is never 0"),
    ),
    "cell_left_empty": Fault(
        "warning",
        Text("能读懂的单元格", "a cell that can be read"),
        Text(
            "改正后重新入库；该行已保留，此格按未知处理",
            "correct it and take the file in again; the row is kept without this value",
        ),
    ),
    "bad_cell": Fault("row", Text("符合数据字典的取值", "a value that the data dictionary allows"), CORRECT),
    "contradicts": Fault(
        "row",
        Text("与前面同编号的行内容一致", "the same content as the earlier row with this id"),
        Text("改正编号，或删除其中一行", "correct the id, or delete one of the rows"),
    ),
    "no_place": Fault(
        "warning",
        Text("有坐标，或能定位的地址", "coordinates, or an address that can be found"),
        Text("在导入页面的待确认清单中定位", "place it in the list to confirm on the Import page"),
    ),
    "placed_by_address": Fault(
        "warning",
        Text("有坐标的行", "rows with coordinates"),
        Text("抽查几处位置；表中注明了可信度", "look at some of the places; the table says how sure each is"),
    ),
    "place_evidence": Fault(
        "warning",
        Text("坐标系判断的依据", "the evidence for how the coordinates are read"),
        Text("核对；不对时用 --crs 或 --datum 指定", "check it; say --crs or --datum if it is wrong"),
    ),
    "no_shape": Fault(
        "row",
        Text("有图形或坐标的行", "a row with a shape or coordinates"),
        Text("补充坐标", "add coordinates"),
    ),
    "needs_answer": Fault(
        "error",
        Text("有把握的坐标系判断", "coordinates whose system is certain"),
        Text("用 --crs 或 --datum 回答", "answer with --crs or --datum"),
    ),
    "shape_mended": Fault(
        "warning",
        Text("不自相交的图形", "a shape that does not cross itself"),
        Text("已按结构修复，在预览中核对前后面积", "repaired by its structure; check the area before and after"),
    ),
    "courtyard_read": Fault(
        "warning",
        Text("与外轮廓单位相同的天井", "courtyards in the units of their outline"),
        Text(
            "已按唯一落在轮廓内的坐标系换算，括号内为天井面积；抽查几处",
            "read in the one system that puts them inside, with their area; look at some of them",
        ),
    ),
    "courtyard_left_out": Fault(
        "warning",
        Text("与外轮廓单位相同的天井", "courtyards in the units of their outline"),
        Text(
            "已去掉这些天井，建筑面积因此偏大；请从原始数据重新导出",
            "the courtyards are left out, so the areas are too large; export them again from the original data",
        ),
    ),
    "jagged_shape": Fault(
        "warning",
        Text("轮廓平顺的面", "areas with a plain outline"),
        Text(
            "轮廓像梳齿一样细碎，叠加分析会很慢；核对数据，或在制图软件中简化",
            "the outline is a comb of slivers that makes overlays slow; check it, or simplify it in a mapping program",
        ),
    ),
    "picture_apart": Fault(
        "warning",
        Text("表格或图形数据", "tables or shapes"),
        Text(
            "照片本身不入图层，只取拍摄位置；请另行保存照片",
            "the picture itself goes into no layer, only its place does; keep the photo elsewhere",
        ),
    ),
    "needs_order": Fault(
        "error",
        Text("日月顺序确定的日期", "dates whose order of day and month is certain"),
        Text(
            "用 --order 回答：dmy（日在前）或 mdy（月在前）",
            "answer with --order: dmy (day first) or mdy (month first)",
        ),
    ),
    "layers_damaged": Fault(
        "error",
        Text("与上次入库写下的一致的图层文件", "layers as the last intake wrote them"),
        Text(
            "没有程序改过它，内容却变了，多半是磁盘损坏：从备份恢复 layers.gpkg；没有备份时撤销最近一次入库，再重新导入那个文件",
            "no program wrote to it, yet it differs, so the disk is probably at fault: restore layers.gpkg from a backup, "
            "or undo the last intake and take its file in again",
        ),
    ),
    "layers_changed": Fault(
        "warning",
        Text("上次入库写下的图层文件", "layers as the last intake wrote them"),
        Text(
            "改动若是有意的（如在 QGIS 中编辑），在“数据检查”页或用 guatu check --accept 确认；若不是，从备份恢复 layers.gpkg",
            "if the change was meant (an edit in QGIS, say), confirm it on the Data check page or with guatu check --accept; "
            "if not, restore layers.gpkg from a backup",
        ),
    ),
}
"""By code, like ``layers.problems.FAULTS``."""


def fault(
    code: str, file: str, *, row: object = None, column: str | None = None, found: Text = NOTHING, severity: str = ""
) -> Problem:
    """Make a problem of a kind that an intake can meet."""
    return problem(code, file, row=row, column=column, found=found, severity=severity, faults=FAULTS)
