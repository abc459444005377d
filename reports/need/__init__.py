"""Objective need against voiced need, and whether those who are silent are content."""
