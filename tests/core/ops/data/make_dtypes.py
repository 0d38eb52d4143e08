#!/usr/bin/env python3
"""Records what PyTorch makes of each dtype, result or refusal: python3 make_dtypes.py > dtypes.jsonl"""
import json
import torch

ALL = "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64".split()
SOME = "bool uint8 int64 float16 float32 float64".split()


def values(dtype, numbers):
    return torch.tensor([n > 1 for n in numbers] if dtype == "bool" else numbers).to(getattr(torch, dtype))


def outcome(f):
    try:
        out = f()
    except Exception:
        return None  # refused
    if isinstance(out, bool):
        return out
    return [str(out.dtype)[6:]] + [repr(x) for x in out.double().tolist()]


def record(op, cases):
    print(json.dumps({"op": op, "cases": [[arguments, outcome(f)] for arguments, f in cases]}))


def unary(op, f):
    record(op, [([d], lambda d=d: f(values(d, [1, 2]))) for d in ALL])


def binary(op, f, numbers=()):
    pairs = [([d, e], lambda d=d, e=e: f(values(d, [1, 2]), values(e, [2, 3]))) for d in SOME for e in SOME]
    pairs += [([d, n], lambda d=d, n=n: f(values(d, [1, 2]), n)) for d in SOME for n in numbers]
    record(op, pairs)


NUMBERS = [True, 2, 2.5]
for name in ("abs neg sign reciprocal sqrt rsqrt square exp expm1 log log1p sin cos tan asin acos atan sinh cosh "
             "tanh floor ceil round trunc sigmoid relu").split():
    unary(name, getattr(torch, name))
    unary(name + "_", getattr(torch.Tensor, name + "_"))
for name in ("isnan", "logical_not"):
    unary(name, getattr(torch, name))
unary("round_decimals", lambda x: torch.round(x, decimals=1))
for name in "add sub rsub mul div floor_divide pow eq ne lt le gt ge".split():
    binary(name, getattr(torch, name), NUMBERS)
for name in "add_ sub_ mul_ div_ pow_".split():
    binary(name, getattr(torch.Tensor, name), NUMBERS)
for name in "maximum minimum logical_and logical_or logical_xor equal".split():
    binary(name, getattr(torch, name))
binary("allclose", lambda a, b: torch.allclose(a, b, atol=1.0, rtol=0.0))
for mode in ("trunc", "floor"):
    binary("div_" + mode, lambda a, b, mode=mode: torch.div(a, b, rounding_mode=mode), NUMBERS)
binary("rpow", lambda a, b: torch.pow(b, a), NUMBERS)
binary("rdiv", lambda a, b: b / a, NUMBERS)
for name in ("clamp_min", "clamp_max"):
    binary(name, getattr(torch, name), NUMBERS)
for alpha in (True, 2, 2.5):
    binary(f"add_alpha_{alpha}", lambda a, b, alpha=alpha: torch.add(a, b, alpha=alpha), NUMBERS)
    binary(f"sub_alpha_{alpha}", lambda a, b, alpha=alpha: torch.sub(a, b, alpha=alpha), NUMBERS)
