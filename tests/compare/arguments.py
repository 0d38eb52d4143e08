"""What the rules ask of the arguments of a call."""
import math

import values


def tensors(args):
    flat = [t for v in args.values() for t in (v if isinstance(v, list) else [v])]
    return [t for t in flat if values.is_tensor(t)]


def has_ties(args):
    return any(len(set(t["data"])) < len(t["data"]) for t in tensors(args))


def finite(args):
    return all(math.isfinite(values.number(v)) for t in tensors(args) for v in t["data"]) and not any(
        v in ("nan", "inf", "-inf") for v in args.values() if isinstance(v, str))


def empty(args):
    return any(0 in t["shape"] for t in tensors(args))


def half(args):
    return any(t["dtype"] in ("float16", "bfloat16") for t in tensors(args))


def largest(args):
    return max((abs(values.number(v)) for t in tensors(args) for v in t["data"] if v != "nan"), default=0)


def expanded(args):
    return any(s == 0 and n > 1 for t in tensors(args) for s, n in zip(t.get("strides", ()), t["shape"]))
