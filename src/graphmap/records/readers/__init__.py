"""A reader of records for each format: CSV, JSON, XML, Excel, Arrow and databases."""
