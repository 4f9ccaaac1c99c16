"""Turns PDF, Word, PowerPoint, HTML, Markdown and text, from disk or the web, into draft documents."""
