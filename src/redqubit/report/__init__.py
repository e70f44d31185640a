"""Reports from evidence: HTML, Markdown, SARIF, JUnit and tables; they return text."""

from redqubit.report.compare import compare
from redqubit.report.html import html
from redqubit.report.junit import junit
from redqubit.report.markdown import markdown
from redqubit.report.rows import HEAD, Row, table, text
from redqubit.report.sarif import sarif
from redqubit.report.summary import summarize
from redqubit.report.verdict import verdict

__all__ = [
    "HEAD",
    "Row",
    "compare",
    "html",
    "junit",
    "markdown",
    "sarif",
    "summarize",
    "table",
    "text",
    "verdict",
]
