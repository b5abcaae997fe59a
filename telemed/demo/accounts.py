"""The accounts of the demo."""


def listed() -> list[dict[str, str]]:
    """For the console and the sign-in page: username, password, role, organisation."""
    return []
