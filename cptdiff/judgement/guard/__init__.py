"""What the guards look at. Nothing here imports polars before a guard does."""
