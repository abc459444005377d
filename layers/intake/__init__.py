"""Files of the real world become clean, trusted layers; every doubtful thing is said aloud."""
