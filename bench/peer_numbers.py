"""The numbers of the workloads, as harness.cpp draws them."""


def values(size, seed, scale=1.0):
    """The numbers of harness.cpp: state n + m of the generator from state n, for ever longer runs."""
    import numpy
    factor, add = (numpy.array([k], dtype=numpy.uint64) for k in (6364136223846793005, 1442695040888963407))
    with numpy.errstate(over="ignore"):
        while factor.size < size:
            factor, add = (numpy.concatenate([factor, factor * factor[-1]]),
                           numpy.concatenate([add, factor * add[-1] + add]))
        start = numpy.uint64((seed * 0x9E3779B97F4A7C15 + 1) % 2**64)
        states = factor[:size] * start + add[:size]
    numbers = (states >> numpy.uint64(40)).astype(numpy.float32)
    return numpy.float32(scale) * (numbers / numpy.float32(8388608) - numpy.float32(1))
