"""The command line: reads the words, has the verb answer, prints; the verbs themselves are in ``commands``."""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from commands import VERBS, verb
from commands.verb import Done, UsageError, Verb
from geo.errors import DataError, GuatuError
from geo.findings import system_fault
from geo.text import Lang, Text

ABOUT = Text("挂图：老旧小区改造的地图、期限、优先级与简报", "the renovation-planning map that keeps its promises")
ARGUMENTS, OPTIONS = Text("参数", "arguments"), Text("选项", "options")


class Parser(argparse.ArgumentParser):
    """A parser whose headings and errors speak both languages."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings, add_help=False, formatter_class=argparse.RawDescriptionHelpFormatter)  # type: ignore[arg-type]
        self.arguments = self.add_argument_group(str(ARGUMENTS))
        self.options = self.add_argument_group(str(OPTIONS))
        self.options.add_argument("-h", "--help", action="help", help=str(Text("显示本说明", "show this help")))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and where to read on; end with 2."""
        self.print_usage(sys.stderr)
        words = Text("用法错误，见 {prog} --help", "wrong usage, see {prog} --help").format(prog=self.prog)
        self.exit(2, f"{self.prog}: {words}\n{message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; give 0 for done, 1 for errors in the data (all are listed), 2 for wrong usage."""
    words = _joined(sys.argv[1:] if arguments is None else arguments)
    options = _parser(words[0] if words else "").parse_args(words)
    try:
        return _print(options.run(options, lambda text: _say(text, options)), options)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UsageError as error:
        options.wrong(str(error.message))
    except GuatuError as error:
        _fail(error, options)
    except OSError as error:
        _fail(_file_error(error), options)
    return 1


def _joined(words: Sequence[str]) -> list[str]:
    """Tie a negative value to its option, since argparse takes ``--near -71.06,42.36`` for two options."""
    tied: list[str] = []
    for word in words:
        if tied and re.match(r"-\d", word) and re.fullmatch(r"--[a-z-]+", tied[-1]):
            tied[-1] += f"={word}"
        else:
            tied.append(word)
    return tied


def _parser(wanted: str) -> Parser:
    """Make the parser; only the verb that is wanted is asked for its options, the others need not be imported."""
    parser = Parser(
        prog="guatu", description=f"{ABOUT.zh}\n{ABOUT.en}", epilog=_epilog(("demo", "rank huolong --help"))
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB", title=str(Text("命令", "verbs")))
    for name, entry in VERBS.items():
        if name == wanted:
            found = verb(name)
            about = f"{found.about.zh}\n{found.about.en}"
            _fill(
                verbs.add_parser(name, help=str(entry.words), description=about, epilog=_epilog(found.examples)), found
            )
        else:
            verbs.add_parser(name, help=str(entry.words))
    return parser


def _epilog(examples: Sequence[str]) -> str:
    return "\n".join([f"{Text('示例', 'examples')}:", *(f"  guatu {one}" for one in examples)])


def _fill(parser: Parser, found: Verb) -> None:
    for option in found.options:
        group = parser.options if option.names[0].startswith("-") else parser.arguments
        group.add_argument(*option.names, help=str(option.words), **option.settings)
    answer = Text("只输出一个 JSON 文档", "answer with one JSON document")
    parser.options.add_argument("--json", action="store_true", help=str(answer))
    language = Text("语言，缺省按系统语言", "language; default the system's")
    parser.options.add_argument("--lang", choices=list(Lang), default=_language(), help=str(language))
    parser.set_defaults(run=found.run, wrong=parser.error)


def _language() -> Lang:
    setting = os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    return Lang.ZH if setting.lower().startswith("zh") else Lang.EN


def _say(text: Text, options: argparse.Namespace) -> None:
    print(text.in_(options.lang), file=sys.stderr, flush=True)


def _print(done: Done, options: argparse.Namespace) -> int:
    if done.answer is not None:
        print(json.dumps(done.answer, ensure_ascii=False, allow_nan=False) if options.json else "\n".join(done.lines))
    return done.code


def _file_error(error: OSError) -> GuatuError:
    message = Text(
        "无法读写 {where}：{why}。检查路径、权限和磁盘空间",
        "cannot read or write {where}: {why}. Check the path, permissions and free disk space",
    )
    return GuatuError(message.format(where=error.filename or "?", why=system_fault(error)))


def _fail(error: GuatuError, options: argparse.Namespace) -> None:
    if options.json:
        from reports.answers import problem_answer  # noqa: PLC0415 (slow to import, and rarely needed)

        problems = error.problems if isinstance(error, DataError) else ()
        answer = {"error": error.message._asdict(), "problems": [problem_answer(p) for p in problems]}
        print(json.dumps(answer, ensure_ascii=False))
    _say(error.message, options)


if __name__ == "__main__":
    sys.exit(main())
