"""What the ontology entails, worked out once and baked into the lift."""

from graphmap.reasoning.closure import Closure, close, close_files
from graphmap.reasoning.saturation import Saturation

__all__ = ["Closure", "Saturation", "close", "close_files"]
