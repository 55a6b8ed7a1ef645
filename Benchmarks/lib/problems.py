"""The two ways in which a comparison can disappoint."""


class NotMeasured(Exception):
    """A peer, or a case of it, could not be measured; the text says why, and stands where figures would."""


class Unusable(Exception):
    """The whole run cannot go on: wrong options, no upstream, no load generator."""
