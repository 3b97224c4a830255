"""Where our changes and a published list differ, and what proves the cause."""
