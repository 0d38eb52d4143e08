#!/usr/bin/env python3
"""Records what PyTorch makes of ranges, and of numbers in a dtype: python3 make_numbers.py > numbers.jsonl"""
import json
import torch

inf, nan = float("inf"), float("nan")
INTEGERS = "uint8 int8 int16 int32 int64".split()
ALL = INTEGERS + "float16 float32 float64".split()


def text(n):
    return repr(n) if isinstance(n, float) else n  # JSON has no nan


cases = {}


def record(op, dtype, numbers, f):
    try:
        out = [text(n) for n in f(*numbers, getattr(torch, dtype)).reshape(-1).tolist()]
    except Exception:
        out = None  # refused
    cases.setdefault((op, dtype), []).append([[text(n) for n in numbers], out])


def arange(start, end, step, dtype):
    return torch.arange(start, end, step, dtype=dtype)


BIG = 2**53
for numbers in ((0, 5, 1), (3, 0, -1), (2.1, -2.9, -1.0), (0, 10, 3.5), (0, 3, 0.5), (-1.5, 1.5, 1), (0.9, 5.5, 1.7), (0.5, 4, 1),
                (0, 4.5, 1), (5, 0, -1.5), (298, 302, 1), (-130, -126, 1), (0, 1, 0), (0, 3, -1), (0, 0, 1), (0, 1, nan), (0, 1, inf),
                (0, inf, 1), (nan, 1, 1), (BIG + 1, BIG + 4, 1), (-BIG - 3, -BIG, 1), (2**63 - 3, 2**63 - 1, 1), (-2**63, -2**63 + 2, 1)):
    for dtype in ALL if max(abs(n) for n in numbers if n == n) < 1e6 else ["int64"]:
        record("arange", dtype, numbers, arange)
for numbers in ((0, 10, 5), (-2, 2, 10), (2, -2, 10), (0.5, 9.7, 6), (-2.7, -0.2, 5), (0, 100, 8), (-5, 5, 7), (3, 5, 1), (0, 300, 4),
                (0, 1, 0), (nan, 1, 3), (0, 1, -1)):
    for dtype in ALL:
        record("linspace", dtype, numbers, lambda a, b, n, dtype: torch.linspace(a, b, n, dtype=dtype))
record("linspace", "int32", (0, inf, 3), lambda a, b, n, dtype: torch.linspace(a, b, n, dtype=dtype))
record("linspace", "float32", (0, 1e39, 3), lambda a, b, n, dtype: torch.linspace(a, b, n, dtype=dtype))

one = torch.tensor([True])
zero = torch.tensor([0])
FILLS = {
    "full": lambda v, dtype: torch.full((1,), v, dtype=dtype),
    "full_like": lambda v, dtype: torch.full_like(torch.zeros(1, dtype=dtype), v),
    "scalar_tensor": lambda v, dtype: torch.scalar_tensor(v, dtype=dtype),
    "tensor": lambda v, dtype: torch.tensor([v], dtype=dtype),
    "fill_": lambda v, dtype: torch.zeros(1, dtype=dtype).fill_(v),
    "masked_fill": lambda v, dtype: torch.zeros(1, dtype=dtype).masked_fill(one, v),
    "masked_fill_": lambda v, dtype: torch.zeros(1, dtype=dtype).masked_fill_(one, v),
    "masked_fill_tensor": lambda v, dtype: torch.zeros(1, dtype=dtype).masked_fill(one, torch.tensor(v, dtype=torch.float64 if isinstance(v, float) else torch.int64)),
    "set": lambda v, dtype: set_first(torch.zeros(1, dtype=dtype), v),
    "add": lambda v, dtype: torch.ones(1, dtype=dtype) + v,
    "add_alpha": lambda v, dtype: torch.zeros(1, dtype=dtype).add(torch.ones(1, dtype=dtype), alpha=v),
    "pow": lambda v, dtype: torch.ones(1, dtype=dtype) ** v,
    "to": lambda v, dtype: torch.tensor([v], dtype=torch.float64 if isinstance(v, float) else torch.int64).to(dtype),
    "addmm": lambda v, dtype: torch.addmm(torch.ones(1, 1, dtype=dtype), torch.ones(1, 1, dtype=dtype), torch.ones(1, 1, dtype=dtype), alpha=v),
}


def set_first(x, v):
    x[0] = v
    return x


for op, f in FILLS.items():
    for dtype in INTEGERS + ["bool", "float32", "float64"]:
        for v in (0, 127, 128, 255, 256, -1, -128, -129, -255, -256, 2**31, 2**63 - 1, -2**63, 3.7, -0.5, 255.5, 256.0, 1e10, 1e39, inf, nan):
            # What a number out of range becomes between tensors is up to the machine.
            if op == "to" and isinstance(v, float) and not abs(v) < 127:
                continue
            if op == "addmm" and dtype == "bool" or op == "to" and v < 0 and dtype == "uint8" and isinstance(v, float):
                continue
            record(op, dtype, [v], f)

for (op, dtype), list_of_cases in cases.items():
    print(json.dumps({"op": op, "dtype": dtype, "cases": list_of_cases}))
