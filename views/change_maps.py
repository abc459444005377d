"""The map of the quadrants of need."""

from layers import Workspace
from reports.need.double_high import DoubleHigh
from reports.need.map import with_quadrants
from views import analysis_cached, state
from views.following import follow_map
from views.map_component import map_view


def quadrant_map(ws: Workspace, found: DoubleHigh, *, height: int) -> None:
    """Show the grids by quadrant; a click chooses a grid."""
    base = analysis_cached.bare_map(state.volume().folder, state.mark(), (), state.lang(), level=found.level)
    drawn = with_quadrants(base, ws, found)
    follow_map(map_view(drawn, key="map_need", selected=state.selected(), height=height))
