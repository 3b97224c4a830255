"""The process: signals, and who watches over the one that does the run."""
