"""Why a stack does not start, in one sentence for the person at the console."""


class Refusal(Exception):
    """What is wrong and what to do about it."""
