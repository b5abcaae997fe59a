"""The register of devices: where they stand, when they were used last, and the line there."""
