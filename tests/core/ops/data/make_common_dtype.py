#!/usr/bin/env python3
"""Records in which dtype operands meet: python3 make_common_dtype.py > common_dtype.jsonl"""
import json
import torch

THIRD = 1 / 3


def with_gradient(f):
    def call(x):
        x = x.clone().requires_grad_()
        f(x).sum().backward()
        return x.grad

    return call


CASES = {
    "eq number": lambda x: x == 0.1,
    "eq tensor": lambda x: x == torch.tensor(0.1),
    "eq integers": lambda x: x == torch.tensor([0, 0, 2, 2049, 100]),
    "lt number": lambda x: x < 0.1,
    "add number": lambda x: x + THIRD,
    "add integers": lambda x: x + torch.tensor([0, 0, 2, 2049, 100]),
    "add_ number": lambda x: x.clone().add_(THIRD),
    "sub tensor": lambda x: x - torch.tensor(THIRD, dtype=torch.float64),
    "mul number": lambda x: x * 0.1,
    "mul tensor": lambda x: x * torch.tensor(0.1),
    "mul_ number": lambda x: x.clone().mul_(0.1),
    "mul integers": lambda x: x * torch.tensor([1, 1, 1, 17, 3]),
    "div number": lambda x: x / 0.3,
    "pow number": lambda x: x ** THIRD,
    "where number": lambda x: torch.where(x > 1, x, 0.1),
    "clamp numbers": lambda x: x.clamp(0.3, 1.7),
    "mul gradient": with_gradient(lambda x: x * 0.1),
    "div gradient": with_gradient(lambda x: x / 0.3),
    "clamp gradient": with_gradient(lambda x: x.clamp(0.3, 1.7)),
}
for name, f in CASES.items():
    for dtype in ("float16", "bfloat16"):
        out = f(torch.tensor([0.1, 0.3, 1.7, 2048.0, 100.0], dtype=getattr(torch, dtype)))
        print(json.dumps({"case": name, "dtype": dtype, "result": [str(out.dtype)[6:]] + out.double().tolist()}))
