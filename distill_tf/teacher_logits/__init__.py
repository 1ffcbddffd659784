"""What a teacher said, in a file: tsv, csv, jsonl or npz."""
