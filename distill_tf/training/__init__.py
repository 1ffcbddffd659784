"""Training: the Distiller, its optimizer, and stages that can be resumed."""
