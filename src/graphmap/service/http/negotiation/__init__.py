"""Content negotiation: media ranges, format parameters, and the choice of a representation."""
