"""People: who holds which role where and when, what that lets them do, and how we know that it is they."""
