"""Bundled communities, each with its generator or its provenance; see README.md of this folder."""
