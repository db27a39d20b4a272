"""What the ontology entails, worked out once and baked into the lift."""
