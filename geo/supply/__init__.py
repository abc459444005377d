"""Supply against demand: what each place has of what is near, shared with all who come; what is missing; who has least."""
