"""The tables of rasters: what the raster of a name holds, and what the classes of land cover mean.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take them in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

KINDS = frozenset({"population", "elevation", "bands", "land_cover", "temperature", "measured"})
"""What a raster that comes in can hold; "measured" is any other number."""
_BAND = Column("integer", empty=True, low=1, high=999)
_CITED = {
    "source": Column(),
    "confidence": Column(among=frozenset({"S", "RH", "RM", "RL", "P", LOCAL})),
    "to_verify": Column("boolean"),
}
_WORDS = dict.fromkeys(("zh", "en"), Column())
TABLES: Mapping[str, Spec] = {
    "rasters": Spec(
        ("raster",),
        {
            "raster": Column(),
            "kind": Column(among=KINDS),
            **_WORDS,
            **dict.fromkeys(("red_band", "near_infrared_band"), _BAND),
            "scale": Column("number"),
            "offset": Column("number"),
            "unit": Column(empty=True),
            **_CITED,
        },
    ),
    "land_cover": Spec(
        ("code",),
        {"code": Column("integer", low=0), **_WORDS, "colour": Column(), "green": Column("boolean"), **_CITED},
    ),
}
"""A value is what the file holds times ``scale`` plus ``offset``; a workspace adds rows for names of its own."""
