"""The pages of the app and the map component."""
