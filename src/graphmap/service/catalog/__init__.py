"""The home page, search, VoID, the OpenAPI document and counts."""
