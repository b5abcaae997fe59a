"""What the name of an examination says about when it is done. Words of hospitals, no norm."""

from datetime import time

NOON = time(12)
LABORATORY = ("血", "化验", "检验", "空腹", "blood", "laboratory")
FASTING = (*LABORATORY, "腹部", "肝胆", "胃镜")


def is_laboratory(service: str) -> bool:
    """Done in the morning, and its result takes a while."""
    return _says(service, LABORATORY)


def is_fasting(service: str) -> bool:
    """Nothing is eaten before it."""
    return _says(service, FASTING)


def _says(service: str, words: tuple[str, ...]) -> bool:
    said = service.casefold()
    return any(word in said for word in words)
