"""Scheduled jobs: what cptdiff.toml says, which releases are due, which run folder is next."""
