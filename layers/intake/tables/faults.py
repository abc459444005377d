"""What can be wrong with text tables and workbooks, and how it is said."""

from collections.abc import Iterable

from geo.errors import DataError, Problem
from geo.findings import NOTHING
from geo.text import Text, counted
from layers.intake.source import LostRow
from layers.problems import Fault, problem

_RESAVE_BOOK = Text("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")
_RESAVE_CSV = Text(
    "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx",
    "open it in Excel or WPS and save it as CSV UTF-8 or .xlsx",
)
_LOOK = Text(
    "核对这些行；如属数据，改写该行后重新导入", "look at these rows; if they are data, rewrite and import again"
)
FAULTS: dict[str, Fault] = {
    "table_unreadable": Fault(
        "error",
        Text("可以打开的文件", "a file that can be opened"),
        Text("检查路径和权限，或重新复制该文件", "check the path and the permissions, or copy the file again"),
    ),
    "table_empty": Fault(
        "error",
        Text("至少一行表头和一行数据", "at least a heading and one row"),
        Text("核对是否选错了文件或工作表", "check that it is the right file and sheet"),
    ),
    "table_over_limit": Fault(
        "error",
        Text("不超过上限的表格", "a table within the limits"),
        Text(
            "删除数据以外的空行空列，或分成几个文件导入",
            "delete empty rows and columns beyond the data, or split the file",
        ),
    ),
    "not_a_workbook": Fault("error", Text("XLSX、XLS 或 ODS 表格", "an XLSX, XLS or ODS workbook"), _RESAVE_BOOK),
    "book_damaged": Fault("error", Text("完整的工作簿", "an undamaged workbook"), _RESAVE_BOOK),
    "book_password": Fault(
        "error",
        Text("没有密码的工作簿", "a workbook without a password"),
        Text("在 Excel 中取消密码后重新保存", "remove the password in Excel and save it again"),
    ),
    "book_declares": Fault(
        "error",
        Text("不含文档类型声明的表格部件", "parts without a document type"),
        Text("该文件可能有害；向提供者索取原件", "the file may be harmful; ask the sender for the original"),
    ),
    "no_such_sheet": Fault(
        "error", Text("工作簿中有的工作表", "a sheet of the workbook"), Text("核对名称", "check the name")
    ),
    "not_text": Fault("error", Text("文本表格（CSV、TSV）", "a text table (CSV, TSV)"), _RESAVE_CSV),
    "encoding_unknown": Fault(
        "error",
        Text("UTF-8、GB18030、UTF-16 或西欧编码的文本", "text in UTF-8, GB18030, UTF-16 or Windows-1252"),
        _RESAVE_CSV,
    ),
    "encoding_guessed": Fault(
        "warning",
        Text("标明编码的文件（UTF-8）", "a file that says its encoding (UTF-8)"),
        Text(
            "在预览中核对文字；有乱码时另选编码", "look at the words in the preview; choose another if they are wrong"
        ),
    ),
    "header_unsure": Fault(
        "warning",
        Text("一眼可辨的表头", "a heading that is plain to see"),
        Text("在预览中核对；不对时指定表头所在的行", "check the preview; name the row of the heading if it is another"),
    ),
    "heading_repeated": Fault(
        "warning",
        Text("互不相同的列名", "headings that occur once"),
        Text("已加序号区分；核对各列的含义", "they were numbered; check what each column means"),
    ),
    "heading_missing": Fault(
        "warning",
        Text("每列有列名", "a heading for each column"),
        Text("已用列号代替；核对该列的含义", "the column's place was taken; check what it means"),
    ),
    "title_rows": Fault("warning", Text("表头和数据", "heading and data"), _LOOK),
    "repeated_header": Fault("warning", Text("只有一处表头", "one heading"), _LOOK),
    "total_rows": Fault("warning", Text("只有数据", "data only"), _LOOK),
    "note_rows": Fault("warning", Text("只有数据", "data only"), _LOOK),
    "blank_rows": Fault("warning", Text("没有空行", "no blank rows"), Text("无需处理", "nothing to do")),
    "total_differs": Fault(
        "warning",
        Text("与所列行数相符的合计", "a total that fits the rows"),
        Text("核对是否有缺行、漏行或合计有误", "check for rows that are missing, or a wrong total"),
    ),
    "merged_filled": Fault(
        "warning",
        Text("每行一个值", "a value in each row"),
        Text("已按合并单元格补入各行；核对", "each row was given the value of its merged cell; check them"),
    ),
    "formula_error": Fault(
        "warning",
        Text("算得出结果的公式", "formulas with a result"),
        Text("单元格按所示文字读入；在原表中改正公式", "the cell was read as it shows; mend the formula"),
    ),
    "digits_lost": Fault(
        "warning",
        Text("以文本保存的长编号", "long numbers stored as text"),
        Text(
            "表格程序只保留 15 位数字；将该列设为文本后重新填写",
            "spreadsheets keep 15 digits; make the column text and fill it in again",
        ),
    ),
    "sheet_left_out": Fault(
        "warning",
        Text("可见且有数据的工作表", "a visible sheet with data"),
        Text("如需导入，取消隐藏或指定该工作表", "to import it, unhide it or name it"),
    ),
    "ragged_row": Fault(
        "row",
        Text("与表头相同的列数", "as many cells as the heading"),
        Text("检查该行的分隔符和引号", "check the separators and quotes of the row"),
    ),
    "open_quote": Fault(
        "row",
        Text("成对的引号", "quotes in pairs"),
        Text("补上或删除该行的引号", "close the quote of the row or remove it"),
    ),
    "nul_character": Fault(
        "row",
        Text("不含空字符的文字", "text without NUL characters"),
        Text("删除该行中的空字符后重新保存", "remove the NUL character and save again"),
    ),
    "bad_bytes": Fault(
        "row",
        Text("符合文件编码的文字", "text in the encoding of the file"),
        Text("重新填写该行中的乱码", "type the garbled words of the row again"),
    ),
    "cell_too_long": Fault(
        "row",
        Text("长度不超过上限的单元格", "cells within the limit"),
        Text("缩短文字，或检查引号是否成对", "shorten the text, or check its quotes"),
    ),
    "formula_without_value": Fault(
        "row",
        Text("公式的计算结果", "the results of formulas"),
        Text("用 Excel 或 WPS 打开并保存一次，再导入", "open it in Excel or WPS, save it, and import again"),
    ),
}


def table_problem(code: str, file: str, *, found: Text = NOTHING, row: int | None = None) -> Problem:
    """Make a problem of a table; ``file`` may name the sheet too."""
    return problem(code, file, row=row, found=found, faults=FAULTS)


def refuse(file: str, code: str, found: Text = NOTHING) -> DataError:
    """Make the error that refuses a whole file."""
    return DataError([table_problem(code, file, found=found)])


def over_limit(file: str, most: int, zh: str, en: str) -> DataError:
    """Make the error of a file beyond a limit: ``over_limit(name, 200, "列", "columns")``."""
    return refuse(file, "table_over_limit", Text(f"超过 {most:,} {zh}", f"more than {most:,} {en}"))


def lost_row(row: int, code: str, found: Text, column: str | None = None) -> LostRow:
    """Make a row that cannot be taken in."""
    return LostRow(row, code, column, found, FAULTS[code].remedy)


def where(file: str, part: str) -> str:
    """Name a table for messages: the file, and the sheet if it has several."""
    return f"{file}:{part}" if part else file


_MOST_LISTED = 12


def row_list(rows: Iterable[int]) -> Text:
    """List row numbers; beyond a dozen the rest is counted."""
    every = list(rows)
    some, rest = [str(row) for row in every[:_MOST_LISTED]], len(every) - _MOST_LISTED
    zh = f"第 {'、'.join(some)} 行" + (f"等共 {len(every):,} 行" if rest > 0 else "")
    more = f" and {rest:,} more" if rest > 0 else ""
    return Text(zh, f"{'row' if len(every) == 1 else 'rows'} {', '.join(some)}{more}")


def with_words(rows: Text, words: str) -> Text:
    """Say which rows and what stands in the first."""
    return Text(f"{rows.zh}：{words}", f"{rows.en}: {words}") if words else rows


def cells_counted(number: int) -> Text:
    """Count cells."""
    return Text(f"{number:,} 个单元格", counted(number, "cell", "cells"))
