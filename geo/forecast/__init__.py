"""How many next: forecasts of counts in equal steps of time, each held against the plain repetition of the last season.

``smoothing`` repeats, levels and trends; ``trend`` is a log-linear model of counts; ``accuracy`` says how far off a
forecast was; ``spread`` gives intervals that counts can have; ``choice`` tries all of them on a rolling origin and
keeps one only if it beats the repetition.
"""
