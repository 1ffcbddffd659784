"""From encoded examples to batches."""
