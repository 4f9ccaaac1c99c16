"""What curators do to documents: drafts written, approved, reviewed, superseded and withdrawn, in their files."""
