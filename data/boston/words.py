"""Codes of Boston's sources and what they stand for."""

DEPARTMENTS = {
    "PWDx": "Public Works Department",
    "ISD": "Inspectional Services",
    "BTDT": "Transportation Department",
    "INFO": "Mayor's 24 Hour Hotline",
    "GEN_": "Mayor's 24 Hour Hotline",
    "PARK": "Parks & Recreation Department",
    "PROP": "Property Management",
    "HS_O": "Civil Rights",
    "HS_V": "Veterans",
    "HS_Y": "Youthline",
    "BWSC": "Boston Water & Sewer Commission",
    "DISB": "Disability Department",
    "ANML": "Animal Control",
    "CHT_": "City Hall Truck",
    "BPS_": "Boston Public Schools",
}
"""Department codes; read off the SUBJECT that goes with each most often. Others keep the SUBJECT."""

BUILDING_USES = {
    "R1": "residential", "R2": "residential", "R3": "residential", "R4": "residential", "A": "residential",
    "CM": "residential", "RL": "residential", "RC": "mixed", "C": "commercial", "CC": "commercial",
    "CL": "commercial", "I": "industrial", "E": "public", "XG": "public", "EA": "other",
}  # fmt: skip
"""Land-use codes: R1 to R4 by dwellings, A apartments, CM condominiums, RL and CL land, RC shop and
dwelling, C and CC trade, I industry, E and XG exempt from tax (schools, churches, government), EA
exempt under a housing law."""

PARK_KINDS = {
    "R": "recreation", "C": "conservation", "B": "recreation and conservation", "H": "historic or cultural",
    "A": "agriculture", "W": "water supply", "S": "scenic", "F": "flood control", "U": "under water", "O": "other",
}  # fmt: skip
"""PRIM_PURP of MassGIS; X is unknown and stays empty."""

PARK_ACCESS = {"Y": True, "L": False, "N": False}
"""PUB_ACCESS of MassGIS: yes, limited to members, no; X is unknown and stays empty."""

INTERSTATES = ("I-90", "I-93")
"""Labels of the roads that nobody may walk on."""
