"""Where the reports go: targets, files that come into place together, the manifest."""
