"""Photos as evidence: kept once under the sum of their bytes, looked at in a confined process, shown without metadata."""
