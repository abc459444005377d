"""The public names of the package and the modules that hold them; ``import geo`` alone loads none of these."""

from geo.coverage import Pairs, is_covered, nearest_area_m, nearest_m, served_share, straight_pairs, within_m
from geo.crs import middle, reprojected, require_metric
from geo.datum import bd09_from_wgs84, gcj02_from_wgs84, wgs84_from_bd09, wgs84_from_gcj02
from geo.errors import CriteriaError, CrsError, DataError, GuatuError, ManifestError, Problem
from geo.evidence import Trusted
from geo.files import digest, geometries, layer_names, read_layer, whole_file, write_layers
from geo.formats import vector_driver
from geo.geodesic import geodesic_distance
from geo.georeference import examine
from geo.growth import chosen_growth, growth_curve, growth_forecast
from geo.mcda import Notice, Parts, Utilities, normalised_weights, ranks_min, utilities, weighted_parts
from geo.mcda.agreement import pareto_front, rank_correlation, top_overlap
from geo.mcda.promethee import Preference, promethee2
from geo.mcda.topsis import topsis
from geo.mcda.vikor import vikor
from geo.mcda.weights import ahp, critic_weights, entropy_weights, group_matrix
from geo.measure import Totals, hectares, m2_of_mu, mu, rate, shares, totals
from geo.ownership import BORDER_RULE, default_points, locate
from geo.pattern.autocorrelation import geary, moran
from geo.pattern.contiguity import contiguity
from geo.pattern.groups import dbscan
from geo.pattern.hotspots import gi_star, local_moran
from geo.pattern.rates import empirical_bayes, empirical_bayes_local
from geo.pattern.spacetime import knox
from geo.pattern.trend import mann_kendall, seasonal_mann_kendall
from geo.raster import Surface, zonal_statistics, zonal_sum
from geo.raster.zonal_values import zonal_quantiles, zonal_shares
from geo.robust import rank_acceptability, rank_draws, rank_summary
from geo.similarity import ControlPoint
from geo.text import Lang, Text
from geo.tiling import TilingFault, TreeFault, nesting, tiling_faults, tree_faults
from geo.verdict import Verdict
from geo.walk import (
    Nearest,
    Reach,
    WalkNetwork,
    isochrone_areas,
    metres_of,
    minutes_of,
    nearest_on_foot,
    pairs_on_foot,
    reach,
    walk_network,
)
from geo.weighing import Ground
from geo.zone import Zone, metric_crs, metric_zone

__all__ = [
    "BORDER_RULE",
    "ControlPoint",
    "CriteriaError",
    "CrsError",
    "DataError",
    "Ground",
    "GuatuError",
    "Lang",
    "ManifestError",
    "Nearest",
    "Notice",
    "Pairs",
    "Parts",
    "Preference",
    "Problem",
    "Reach",
    "Surface",
    "Text",
    "TilingFault",
    "Totals",
    "TreeFault",
    "Trusted",
    "Utilities",
    "Verdict",
    "WalkNetwork",
    "Zone",
    "ahp",
    "bd09_from_wgs84",
    "chosen_growth",
    "contiguity",
    "critic_weights",
    "dbscan",
    "default_points",
    "digest",
    "empirical_bayes",
    "empirical_bayes_local",
    "entropy_weights",
    "examine",
    "gcj02_from_wgs84",
    "geary",
    "geodesic_distance",
    "geometries",
    "gi_star",
    "group_matrix",
    "growth_curve",
    "growth_forecast",
    "hectares",
    "is_covered",
    "isochrone_areas",
    "knox",
    "layer_names",
    "local_moran",
    "locate",
    "m2_of_mu",
    "mann_kendall",
    "metres_of",
    "metric_crs",
    "metric_zone",
    "middle",
    "minutes_of",
    "moran",
    "mu",
    "nearest_area_m",
    "nearest_m",
    "nearest_on_foot",
    "nesting",
    "normalised_weights",
    "pairs_on_foot",
    "pareto_front",
    "promethee2",
    "rank_acceptability",
    "rank_correlation",
    "rank_draws",
    "rank_summary",
    "ranks_min",
    "rate",
    "reach",
    "read_layer",
    "reprojected",
    "require_metric",
    "seasonal_mann_kendall",
    "served_share",
    "shares",
    "straight_pairs",
    "tiling_faults",
    "top_overlap",
    "topsis",
    "totals",
    "tree_faults",
    "utilities",
    "vector_driver",
    "vikor",
    "walk_network",
    "weighted_parts",
    "wgs84_from_bd09",
    "wgs84_from_gcj02",
    "whole_file",
    "within_m",
    "write_layers",
    "zonal_quantiles",
    "zonal_shares",
    "zonal_statistics",
    "zonal_sum",
]
