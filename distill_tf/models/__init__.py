"""Networks: the BERT encoder with its insides as named outputs, and heads."""
