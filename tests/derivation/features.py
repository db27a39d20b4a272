"""The features of LinkML, each with its case."""

from tests.derivation.class_features import CLASS_FEATURES
from tests.derivation.feature import Feature
from tests.derivation.slot_features import SLOT_FEATURES

__all__ = ["FEATURES", "Feature"]

FEATURES: tuple[Feature, ...] = (*SLOT_FEATURES, *CLASS_FEATURES)
