"""An uploaded file becomes tables: what it is, what is in it, who may read it, and how the rows come back."""
