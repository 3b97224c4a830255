"""What is written, whole or not at all, and the proof of it."""
