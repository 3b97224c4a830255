"""What replaces a deleted code: one file for each kind of evidence (workflow.md c3)."""
