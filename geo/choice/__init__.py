"""Where to build and what to pay for: siting, budget and scenario models, solved exactly where that can be proven."""
