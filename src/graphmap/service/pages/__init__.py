"""HTML pages: templates, links, charts and one style sheet."""
