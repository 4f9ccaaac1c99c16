"""Asks the pages that documents summarise whether they changed since somebody last reviewed the document."""
