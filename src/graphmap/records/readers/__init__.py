"""A reader of records for each format: CSV, JSON, XML, Excel, Arrow and databases."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.records.readers.arrow import arrow_file_rows, arrow_values, parquet_rows
    from graphmap.records.readers.csv import NamedCells, RowForm, Rows, sniff_delimiter
    from graphmap.records.readers.database import Database, sql_rows
    from graphmap.records.readers.excel import SheetRows
    from graphmap.records.readers.json import Documents, Number, WholeDocument, decode_json, encode_json
    from graphmap.records.readers.json_arrays import Elements, Part, array_portions, document_portions
    from graphmap.records.readers.partitions import line_portions, table_portions
    from graphmap.records.readers.xml import Element, WholeXml, XmlDocuments, XmlElements, parse_xml

__all__ = [
    "Database",
    "Documents",
    "Element",
    "Elements",
    "NamedCells",
    "Number",
    "Part",
    "RowForm",
    "Rows",
    "SheetRows",
    "WholeDocument",
    "WholeXml",
    "XmlDocuments",
    "XmlElements",
    "array_portions",
    "arrow_file_rows",
    "arrow_values",
    "decode_json",
    "document_portions",
    "encode_json",
    "line_portions",
    "parquet_rows",
    "parse_xml",
    "sniff_delimiter",
    "sql_rows",
    "table_portions",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.records.readers",
        {
            "arrow": "arrow_file_rows arrow_values parquet_rows",
            "csv": "NamedCells RowForm Rows sniff_delimiter",
            "database": "Database sql_rows",
            "excel": "SheetRows",
            "json": "Documents Number WholeDocument decode_json encode_json",
            "json_arrays": "Elements Part array_portions document_portions",
            "partitions": "line_portions table_portions",
            "xml": "Element WholeXml XmlDocuments XmlElements parse_xml",
        },
    )
