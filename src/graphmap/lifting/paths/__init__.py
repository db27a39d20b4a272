"""JSONPath and XPath: parsers and evaluation."""
