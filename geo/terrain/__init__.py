"""What the shape of the ground tells: slope and aspect, hollows that fill, where water runs. Arrays in metres."""

from geo.terrain.flow import flow_accumulation, flow_direction
from geo.terrain.hollows import Filled, filled
from geo.terrain.slope import Slope, slope

__all__ = ["Filled", "Slope", "filled", "flow_accumulation", "flow_direction", "slope"]
