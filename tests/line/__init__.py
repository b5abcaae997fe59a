"""Calls over lines that are cut, slow or lossy. Needs root, for network namespaces."""
