"""How each kind of student is written for PyTorch; one module a kind.

`templates/` holds the PyTorch code, written as one file beside the weights.
No module of this package may import it, since it needs torch.
"""
