"""Wanxiu: a synthetic district in which ten thousand households move; two of its figures are published, all else is made up."""
