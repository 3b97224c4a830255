"""What the changes mean."""
