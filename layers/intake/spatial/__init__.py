"""Files with shapes, each format by its own rules."""
