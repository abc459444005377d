"""Web assets: vendored libraries, fonts and the map of the browser. See THIRD_PARTY.md."""
