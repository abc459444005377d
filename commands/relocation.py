"""The verb that counts who signed, moved and was rehoused, and tells how it goes on."""

import argparse

from commands.options import AS_OF, WORKSPACE
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.relocation import STAGES, pace
from reports.relocation import relocation as counted
from reports.relocation.answers import relocation_answer, relocation_lines

STAGE = Option(
    ("--stage",),
    Text("预测哪一步，缺省为搬迁", "stage to forecast; default moving"),
    {"choices": STAGES, "default": "moved"},
)
ZONE = Option(("--zone",), Text("只预测这个片区", "forecast this zone only"), {"metavar": "ZONE"})


def relocation(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Count how far the households of a workspace are."""
    found = counted(open_workspace(options.folder), options.as_of)
    told = pace(found, options.stage, zone=options.zone)
    return Done(relocation_answer(found, told), relocation_lines(found, told, options.lang))


VERBS = {
    "relocation": Verb(
        Text(
            "按片区、网格和楼栋统计签约、搬迁、拆除、安置户数和期限倒计时，预测到期时的进度，并列出受阻原因和被少数户卡住的楼栋。",
            "Counts households signed, moved, pulled down and rehoused by zone, grid and building, with the days left, a "
            "forecast for the deadline and its error on weeks held back, the reasons and the buildings that a few hold up.",
        ),
        (WORKSPACE, AS_OF, STAGE, ZONE),
        (
            "relocation wanxiu",
            "relocation wanxiu --as-of 2021-07-31 --stage signed",
            "relocation wanxiu --zone WX-Z5 --json",
        ),
        relocation,
    )
}
