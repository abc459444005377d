"""The page of problems: every code that a check can give, what should be there and what to do."""

from collections.abc import Mapping
from typing import NamedTuple

from docs.making.codes import codes
from docs.making.intake_codes import intake_faults
from docs.making.markdown import code, finished, head, table
from geo import errors
from geo.text import Text
from layers.ledger.faults import LEDGER_FAULTS
from layers.problems import FAULTS, MOST_ROWS

TITLE = Text("问题代码", "Problem codes")
INTRO = Text(
    "每个问题都说明位置、发现了什么、应当是什么、怎么办，一次列出全部。代码可用于脚本：guatu check WORKSPACE --json。",
    "Every problem says where it is, what was found, what should be there and what to do, and all of them come at once. "
    "The codes are for scripts: `guatu check WORKSPACE --json`.",
)
SEVERITIES: Mapping[str, Text] = {
    "error": Text("数据不能使用，工作区打不开", "the data cannot be used, the workspace does not open"),
    "row": Text(
        "该行不能使用；命令行拒绝，应用将其搁置后继续",
        "this row cannot be used; the commands refuse, the app sets it aside and goes on",
    ),
    "warning": Text("可以使用，但应当知情", "usable, but somebody should know"),
}


class Entry(NamedTuple):
    """A code outside ``layers.problems.FAULTS``: what should be there, and what to do."""

    expected: Text
    remedy: Text


ENTRIES: Mapping[str, Entry] = {
    "no_file": Entry(Text("存在的文件", "a file that exists"), Text("检查路径", "check the path")),
    "format": Entry(
        Text("支持的文件格式：读入为 GeoPackage、GeoJSON、Shapefile、FlatGeobuf，导出以结尾为准", "a known format: GeoPackage, GeoJSON, Shapefile or FlatGeobuf to read; to write, one of the endings named"),
        Text("另存为列出的格式；内容决定格式，改文件名无用", "save it in one of the formats named; content decides, renaming does not help"),
    ),
    "unreadable": Entry(
        Text("可读取的矢量文件", "a vector file that can be read"),
        Text("在制图软件中打开，另存为 GeoPackage", "open it in a mapping program and save it as GeoPackage"),
    ),
    "damaged": Entry(
        Text("完整的 GeoPackage", "an undamaged GeoPackage"),
        Text("用备份或重新导出的文件代替", "use a backup or export the file again"),
    ),
    "missing_part": Entry(
        Text("同名的 .shp、.shx、.dbf", ".shp, .shx and .dbf of one name"),
        Text("向提供者索取缺少的文件", "ask the sender for the missing part"),
    ),
    "truncated": Entry(
        Text("与文件头所写长度一致", "as many bytes as the file's head says"),
        Text("重新复制该文件", "copy the file again, it was cut short on its way"),
    ),
    "view": Entry(
        Text("实际的数据表", "a real table; a view runs what is written in it"),
        Text("在制图软件中另存为新的 GeoPackage", "save the layer to a new GeoPackage"),
    ),
    "unwritable": Entry(
        Text("可存储的列和可写的磁盘", "columns that can be stored, and a disk that can be written"),
        Text("检查磁盘空间，并把该列改为单一类型", "check the free disk space and give each column one type"),
    ),
    "mixed_column": Entry(
        Text("每列一种类型", "one type in each column"),
        Text("把该列改为文本、数字或时间", "make the column text, numbers or times"),
    ),
    "scenario": Entry(
        Text("情景文件认识的键和取值，以及工作区里存在的对象", "keys and values that a scenario knows, and things that the workspace has"),
        Text("改正该文件；格式见“情景”的说明页", "mend the file; the how-to page of scenarios shows the format"),
    ),
    "scenario_kept": Entry(
        Text("保存或决定所需的作者、名称和改动", "author, name and differences, as saving or deciding needs them"),
        Text("改正后再保存或决定", "correct it, then save or decide again"),
    ),
    "raster": Entry(
        Text("正北朝上的 GeoTIFF，至多 5 亿像元，解开后至多 2 GB", "a GeoTIFF with north up, at most 500 million cells a band and 2 GB unpacked"),
        Text("用 GIS 软件导出为 GeoTIFF；过大时裁剪到社区范围", "export it as GeoTIFF from a GIS; cut what is too large to the area of the community"),
    ),
    "raster_classes": Entry(
        Text("至多 256 个整数类别码", "at most 256 whole numbers that stand for classes"),
        Text("在 standards/rasters.csv 中改正这个栅格的用途", "correct in standards/rasters.csv what the raster holds"),
    ),
    "raster_bands_unsaid": Entry(
        Text("注明红光和近红外是第几波段", "a note which bands are red and near infrared"),
        Text("在 standards/rasters.csv 中填写 red_band 和 near_infrared_band", "fill in red_band and near_infrared_band in standards/rasters.csv"),
    ),
    "raster_extent": Entry(
        Text("覆盖工作区、至多 2500 万像元的一部分", "a part over the workspace with at most 25 million cells"),
        Text("在 GIS 中裁剪到社区范围后再收入", "cut it to the area of the community in a GIS and take that in"),
    ),
    "no_such_raster": Entry(
        Text("工作区已有的栅格", "a raster that the workspace has"),
        Text("用 guatu add 收入，或改正名称", "take it in with guatu add, or correct the name"),
    ),
    "manifest": Entry(
        Text("工作区文件夹及正确的 workspace.toml", "a workspace folder with a correct workspace.toml"),
        Text("运行 guatu new，或按数据字典改正该文件", "run guatu new, or mend the file after the data dictionary"),
    ),
    "no_layer": Entry(
        Text("所需的图层", "the layer that is needed"),
        Text("用 guatu add 收入该图层", "take the layer in with guatu add"),
    ),
    "no_grids": Entry(
        Text("图层 grids", "a layer named grids"),
        Text("向 layers.gpkg 加入图层 grids", "add a layer grids to layers.gpkg"),
    ),
    "no_such_layer": Entry(
        Text("两个状态都有的图层", "a layer that both states have"),
        Text("选另一个图层，或另一个工作区、文件", "choose another layer, workspace or file"),
    ),
    "no_issues": Entry(
        Text("图层 issues", "a layer named issues"),
        Text("用 guatu add 收入 issues 图层", "take the issues in with guatu add"),
    ),
    "no_grid": Entry(
        Text("该层级的网格编号或名称", "an id or name of a grid of this level"),
        Text("用 guatu rank 查看编号，或用 --level 换层级", "see the ids with guatu rank, or change --level"),
    ),
    "exists": Entry(
        Text("尚无工作区的文件夹", "a folder without a workspace"), Text("换一个文件夹", "take another folder")
    ),
    "criteria": Entry(
        Text("正确的权重文件：已知的指标、数字权重、两个不同的标杆", "a correct criteria file: known measures, weights that are numbers, two different goalposts"),
        Text("改正该文件；示例见内置的 criteria.toml", "mend the file; the bundled criteria.toml is an example"),
    ),
    "goalposts": Entry(
        Text("每个指标一对有限的（最好，最差）值", "a finite pair (best, worst) for each criterion, in its direction"),
        Text("在指标表中改正", "mend it in the table of criteria"),
    ),
    "weights": Entry(
        Text("不小于 0 的有限数，和大于 0", "finite numbers of 0 or more that sum to more than 0"),
        Text("在指标表中改正", "mend it in the table of criteria"),
    ),
    "normalisation": Entry(
        Text("该方法有的标准化方式；TOPSIS 必须写明", "a normalisation that the method has; TOPSIS must be given one"),
        Text("用 --normalisation 写明，或换方法", "name it with --normalisation, or take another method"),
    ),
    "pairwise": Entry(
        Text("正的两两比较矩阵，对角线为 1，两个方向互为倒数", "a square matrix of positive comparisons, 1 on the diagonal, each direction one over the other"),
        Text("在指标表中改正", "mend it in the table of criteria"),
    ),
    "measures": Entry(
        Text("有限数或空值", "finite numbers or nothing"),
        Text("在指标表中改正", "mend it in the table of criteria"),
    ),
    "preference": Entry(
        Text("偏好函数及其阈值：q 不小于 0，p 大于 q，s 大于 0", "a preference function with its thresholds: q of 0 or more, p above q, s above 0"),
        Text("在指标表中改正", "mend it in the table of criteria"),
    ),
    "no_table": Entry(
        Text("已知的标准表名", "the name of a standards table"),
        Text("改正表名，或在工作区 standards 中增加该表", "correct the name, or add the table to the workspace"),
    ),
    "not_csv": Entry(
        Text("UTF-8 编码、逗号分隔的 CSV", "a CSV file in UTF-8, parted by commas"),
        Text("另存为“CSV UTF-8（逗号分隔）”", "save it again as CSV UTF-8 (comma delimited)"),
    ),
    "unknown_column": Entry(
        Text("不重复的已知列", "a known column, once"), Text("改正表头", "correct the header row")
    ),
    "ragged_row": Entry(
        Text("与表头同样多的单元格", "as many cells as the header has"),
        Text("核对逗号；含逗号的文字用英文双引号括起", "check the commas; put words that hold a comma in double quotes"),
    ),
    "repeated_key": Entry(
        Text("不重复的键", "a key that occurs once"), Text("每个键只保留一行", "keep one row of each key")
    ),
    "unknown_word": Entry(
        Text("允许的取值之一", "one of the allowed words"),
        Text("改正该单元格；若不需要覆盖，删除此行", "correct the cell, or delete the row to keep the shipped one"),
    ),
    "dates_overlap": Entry(
        Text("同一类别的有效期互不重叠", "dates of validity that do not overlap for one type"),
        Text("改正 valid_from 或 valid_to", "correct valid_from or valid_to"),
    ),
    "ambiguous_type": Entry(
        Text("带时间的上报，或不随时间变化的对应关系", "a time of report, or a mapping that does not change"),
        Text("补充上报时间", "fill in the time of report"),
    ),
    "no_ledger": Entry(
        Text("台账", "a ledger"),
        Text("运行 guatu ledger WORKSPACE start 建立", "make one with guatu ledger WORKSPACE start"),
    ),
    "ledger_address": Entry(
        Text("postgresql+psycopg://用户@主机/库", "postgresql+psycopg://user@host/database"),
        Text("改正 workspace.toml 中的 ledger", "correct ledger in workspace.toml"),
    ),
    "ledger_damaged": Entry(
        Text("完整的台账文件", "a whole file of a ledger"),
        Text("用 guatu ledger restore 从备份恢复；损坏的文件请留存", "restore it from a backup with guatu ledger restore; keep the damaged file"),
    ),
    "ledger_too_new": Entry(
        Text("本版本认识的台账", "a ledger that this version knows"),
        Text("请升级挂图；文件没有改动", "upgrade Guatu; the file was not touched"),
    ),
    "ledger_unread": Entry(
        Text("可读的台账", "a ledger that can be read"),
        Text("检查磁盘和权限；文件已损坏时用 guatu ledger restore 从备份恢复", "check the disk and permissions; if the file is damaged, restore it from a backup with guatu ledger restore"),
    ),
    "ledger_unwritten": Entry(
        Text("可写的台账，磁盘有空间", "a ledger that can be written, on a disk with room"),
        Text("台账没有改变；腾出磁盘空间或检查权限后重试", "the ledger is as it was; make room on the disk or check permissions, then try again"),
    ),
    "work_hours_overlap": Entry(
        Text("先后不重叠的时段", "parts of a day that follow each other"),
        Text("改正 standards/work_hours.csv", "correct standards/work_hours.csv"),
    ),
    "ahp_sheet": Entry(
        Text("署名、有日期、每一对都比较过且不过于自相矛盾的判断表", "a sheet with author and date, every pair compared, not contradicting itself too much"),
        Text("在判断表中改正", "mend it in the sheet"),
    ),
    "weight_preset": Entry(
        Text("已公布权重的名称，其指标都存在", "the name of a published set of weights, all its measures known"),
        Text("改正名称，或在 standards/weight_presets.csv 中增加", "correct it or add it to standards/weight_presets.csv"),
    ),
    "no_units": Entry(
        Text("小区、楼栋、街巷、有面或线的图层，或一个面或线文件", "estates, buildings, streets, a layer with areas or lines, or a file of polygons or lines"),
        Text("改写 --of，或先用 guatu add 收入图层", "change --of, or take the layer in with guatu add"),
    ),
    "no_service": Entry(
        Text("standards/services.csv 中的一项服务，或一类设施", "a service of standards/services.csv, or a kind of facility"),
        Text("改正名称，或在 standards/services.csv 中增加", "correct the name or add it to standards/services.csv"),
    ),
    "no_pace": Entry(
        Text("standards/walking_paces.csv 中的一种步速", "a pace of standards/walking_paces.csv"),
        Text("改正名称，或在 standards/walking_paces.csv 中增加", "correct the name or add it to standards/walking_paces.csv"),
    ),
    "unknown_rule": Entry(
        Text("standards/consent_rules.csv 中的一条规则", "a rule of standards/consent_rules.csv"),
        Text(
            "改正规则名，或在 standards/consent_rules.csv 中增加并设为缺省",
            "correct the rule, or add it to standards/consent_rules.csv and make it the default",
        ),
    ),
    "ladder": Entry(
        Text("每级上升到更高一级，仅最高层级没有", "each level rises to a higher one; none only at the top"),
        Text("改正 standards/escalation.csv", "correct standards/escalation.csv"),
    ),
    "password": Entry(
        Text("1 至 256 个字符的密码", "a password of 1 to 256 characters"),
        Text("换一个密码", "take another password"),
    ),
    "password_record": Entry(
        Text("scrypt 散列", "a hash by scrypt"),
        Text("请所有者为此人重新发放一次性登录码", "ask the owner to give this person a new one-time code"),
    ),
    "archive_damaged": Entry(
        Text("完好的压缩包", "an undamaged archive"), Text("重新打包或重新下载", "pack it again or fetch it again")
    ),
    "archive_duplicates": Entry(
        Text("名称互不相同的文件", "files with different names"), Text("解压后重新打包", "unpack it and pack it again")
    ),
    "archive_empty": Entry(
        Text("含有数据文件的压缩包", "an archive with a data file in it"), Text("核对所选的文件", "check which file it is")
    ),
    "archive_encrypted": Entry(
        Text("没有密码的压缩包", "an archive without a password"), Text("去掉密码后重新打包", "pack it again without a password")
    ),
    "archive_entries": Entry(
        Text("至多 100 个文件", "at most 100 files"), Text("解压后只选需要的文件", "unpack it and choose what is wanted")
    ),
    "archive_link": Entry(
        Text("只有普通文件", "plain files only"), Text("解压后重新打包", "unpack it and pack it again")
    ),
    "archive_method": Entry(
        Text("普通的 zip 压缩", "the usual packing of zip"), Text("用常用软件重新打包", "pack it again with a common program")
    ),
    "archive_name": Entry(
        Text("普通的文件名", "plain file names"), Text("改名后重新打包", "rename the files and pack them again")
    ),
    "archive_nested": Entry(
        Text("不含其他压缩包", "no archives inside"), Text("先解压里面的压缩包", "unpack the inner archive first")
    ),
    "archive_overlap": Entry(
        Text("各占其位的文件", "files that do not lie upon each other"), Text("向提供者索取原文件", "ask the sender for the files")
    ),
    "archive_size": Entry(
        Text("解压后至多 200 MB，压缩比正常", "at most 200 MB unpacked, packed no more than usual"),
        Text("拆成几个较小的文件", "split it into smaller files"),
    ),
    "file_size": Entry(
        Text("至多 500 MB 的文件", "a file of at most 500 MB"), Text("拆成几个较小的文件", "split it into smaller files")
    ),
    "format_dwg": Entry(
        Text("DXF 图形", "a DXF drawing"), Text("在 CAD 软件中另存为 DXF", "save it as DXF in the CAD program")
    ),
    "format_orders": Entry(
        Text("数据，而不是取数据的指令", "data, not orders for fetching data"), Text("导出为数据文件", "export the data as a file")
    ),
    "photo": Entry(
        Text("JPEG、PNG 或 WebP 照片，至多 5000 万像素", "a photo as JPEG, PNG or WebP of at most 50 million pixels"),
        Text("用看图软件另存为 JPEG", "save it as JPEG in a picture program"),
    ),
    "xml_doctype": Entry(
        Text("不含 DOCTYPE 的 XML", "XML without a DOCTYPE"), Text("从制图软件重新导出", "export it again from the mapping program")
    ),
}  # fmt: skip


def page() -> str:
    """Give the page."""
    raised = codes()
    lines = head(TITLE, INTRO)
    lines += ["## Severity · 严重程度", ""]
    lines += table(["severity", "means · 含义"], ((code(k), v) for k, v in SEVERITIES.items()))
    lines += [(f"Of one fault in one column the first {MOST_ROWS} rows are listed; the rest is counted. The row of a "
              "problem is an id or a line; where several rows are meant it is empty and their number stands in what was "
              "found. What was found is said in both languages, a value of the file as it stands there; what is expected "
              "of a cell names the type and limits of its column. What only follows from another fault is not told. "
              f"同一列的同一问题逐行列出前 {MOST_ROWS} 行，其余计数。“行”为编号或行号；涉及多行时为空，行数写在“发现”中。"
              "“发现”中英对照，文件中的值照录；单元格的“应为”写明该列的类型与范围。由其他问题引起的不再重复列出。"), ""]  # fmt: skip
    columns = ["code", "severity", "expected · 应为", "what to do · 处理办法", "raised in"]
    lines += ["## Workspaces · 工作区", ""]
    lines += table(columns, ((code(k), f.severity, f.expected, f.remedy, _where(raised, k)) for k, f in FAULTS.items()))
    lines += ["## Files, criteria, tables, accounts and commands · 文件、权重、标准表、账户与命令", ""]
    lines += table(columns, ((code(k), "error", e.expected, e.remedy, _where(raised, k)) for k, e in ENTRIES.items()))
    lines += [
        (
            "The message names the file, the place in it and what exactly was found. Standards tables also use "
            "`missing_column`, `bad_value` and `unknown_type` of the first table, as errors."
        ),
        "",
        "## Ledger · 台账",
        "",
        (
            "Found by `guatu ledger WORKSPACE verify`, `merge`, `backup` and `restore`. "
            "由 `verify`、`merge`、`backup`、`restore` 查出。"
        ),
        "",
        *table(
            columns,
            ((code(k), f.severity, f.expected, f.remedy, _where(raised, k)) for k, f in LEDGER_FAULTS.items()),
        ),
        "## Import, export and photos · 导入、导出与照片",
        "",
        *table(
            ["code", "severity", "expected · 应为", "what to do · 处理办法", "listed in"],
            ((code(k), f.severity, f.expected, f.remedy, code(f.module)) for k, f in intake_faults().items()),
        ),
        *_tree(),
    ]
    return finished(lines)


def _where(raised: Mapping[str, set[str]], key: str) -> str:
    return ", ".join(map(code, sorted(raised.get(key, ()))))


def _tree() -> list[str]:
    kinds = [errors.GuatuError, errors.CrsError, errors.DataError, errors.ManifestError, errors.CriteriaError]
    return [
        "## Errors in Python · 异常",
        "",
        *table(
            ["class", "is a", "when"],
            ((code(k.__name__), _parents(k), (k.__doc__ or "").split("\n")[0]) for k in kinds),
        ),
    ]


def _parents(kind: type[Exception]) -> str:
    return ", ".join(code(base.__name__) for base in kind.__bases__)
