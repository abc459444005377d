"""The health check (体检): indicators of the standards, computed per grid and for the whole, with what they cannot know."""
