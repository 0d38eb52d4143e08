#!/usr/bin/env python3
"""Records what PyTorch computes at kinks and extremes, value and gradient: python3 make_kinks.py > kinks.jsonl"""
import itertools
import json
import torch

inf, nan = float("inf"), float("nan")


def numbers(t):
    return [repr(float(x)) for x in t.detach().reshape(-1).double()]


def record(op, f, *inputs, arguments=()):
    for dtype in (torch.float64, torch.float32):
        huge = 1e300 if dtype == torch.float64 else 1e38
        leaves = [torch.tensor([v if abs(v) != 9e9 else (huge if v > 0 else -huge) for v in i], dtype=dtype).requires_grad_() for i in inputs]
        out = f(*leaves)
        weights = torch.arange(1, out.numel() + 1, dtype=dtype).reshape(out.shape)
        gradients = torch.autograd.grad(out, leaves, weights, allow_unused=True)
        print(json.dumps({
            "op": op, "dtype": str(dtype)[6:], "arguments": list(arguments), "inputs": [numbers(i) for i in leaves],
            "value": numbers(out), "gradients": [numbers(g if g is not None else torch.zeros_like(i)) for g, i in zip(gradients, leaves)]}))


POINTS = [-inf, -9e9, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 9e9, inf, nan]
for name in ("abs neg sign reciprocal sqrt rsqrt exp expm1 log log1p asin acos atan sinh cosh tanh floor ceil "
             "round trunc sigmoid relu").split():
    record(name, getattr(torch, name), POINTS)
for name in ("sin", "cos", "tan"):
    record(name, getattr(torch, name), [-inf, -1.0, -0.0, 0.0, 1.0, 1e4, inf, nan])
record("round", torch.round, [0.5, 1.5, 2.5, -0.5, -1.5, -2.5])
for e in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0, -0.5, 2.5):
    record("pow", lambda x, e=e: torch.pow(x, e), POINTS, arguments=[e])
record("pow_tensor", torch.pow, [0.0, 0.0, 0.0, 1.0, -1.0, -1.0, 0.0, inf, nan, nan, 2.0], [0.0, 1.0, -1.0, 0.0, 2.0, 0.5, 0.5, 0.0, 0.0, 1.0, nan])
for b in (0.0, 1.0, 2.0):
    record("pow_base", lambda x, b=b: torch.pow(b, x), [-inf, -1.0, 0.0, 1.0, inf, nan], arguments=[b])
A = [1.0, 1.0, 2.0, nan, 1.0, nan, inf, -inf, inf, 0.0]
B = [1.0, 2.0, 1.0, 1.0, nan, nan, inf, inf, 1.0, -0.0]
record("maximum", torch.maximum, A, B)
record("minimum", torch.minimum, A, B)
record("div", torch.div, [1.0, -1.0, 0.0, inf, 1.0, nan, 9e9], [0.0, 0.0, 0.0, inf, inf, 1.0, 0.5])
record("mul", torch.mul, [0.0, inf, nan, 9e9, -0.0], [inf, 1.0, 0.0, 9e9, 1.0])
record("clamp", lambda x: torch.clamp(x, -1.0, 0.5), POINTS, arguments=[-1.0, 0.5])
record("clamp_min", lambda x: torch.clamp_min(x, 0.5), POINTS, arguments=[0.5])
record("clamp_max", lambda x: torch.clamp_max(x, 0.5), POINTS, arguments=[0.5])
record("clamp", lambda x: torch.clamp(x, 0.5, -1.0), POINTS, arguments=[0.5, -1.0])
THREE = list(itertools.product([0.0, 1.0, 2.0, nan], repeat=3))
record("clamp_tensors", torch.clamp, *map(list, zip(*THREE)))
TWO = list(itertools.product([-inf, 0.0, 1.0, nan], repeat=2))
record("clamp_min_tensor", torch.clamp_min, *map(list, zip(*TWO)))
record("clamp_max_tensor", torch.clamp_max, *map(list, zip(*TWO)))
TIES = [1.0, 3.0, 3.0, -2.0, 3.0, -2.0]
for name in ("max", "min", "amax", "amin", "prod", "sum", "mean"):
    record(name, lambda x, name=name: getattr(torch, name)(x), TIES)
    if name != "prod":  # inf / inf in PyTorch
        record(name, lambda x, name=name: getattr(torch, name)(x), [1.0, inf, inf, -inf])
    if name not in ("amax", "amin"):  # their gradient of a NaN is 0 / 0 in PyTorch, that of max is what we take
        record(name, lambda x, name=name: getattr(torch, name)(x), [1.0, nan, 2.0, nan])
record("max_dim", lambda x: torch.max(x, 0).values, TIES)
record("min_dim", lambda x: torch.min(x, 0).values, TIES)
record("max_dim", lambda x: torch.max(x, 0).values, [1.0, nan, 2.0, nan])
record("prod", torch.prod, [2.0, 0.0, 3.0])
record("prod", torch.prod, [0.0, 0.0, 3.0])
for name in ("softmax", "log_softmax"):
    f = getattr(torch, name)
    record(name, lambda x: f(x, 0), [9e9, 0.0, -9e9])
    record(name, lambda x: f(x, 0), [1000.0, 1000.0, 999.0, -inf])
    record(name, lambda x: f(x, 0), [-inf, -inf])
    record(name, lambda x: f(x, 0), [1.0, nan, 2.0])
    record(name, lambda x: f(x, 0), [inf, 0.0])
F = torch.nn.functional
D = [0.0, 1.0, -1.0, 0.5, 2.0, inf, nan, 9e9]
Z = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
for name in ("mse_loss", "l1_loss", "smooth_l1_loss"):
    record(name, lambda x, t, name=name: getattr(F, name)(x, t, reduction="none"), D, Z)
record("binary_cross_entropy", lambda x, t: F.binary_cross_entropy(x, t, reduction="none"), [0.0, 1.0, 0.0, 1.0, 0.5, 1e-30], [0.0, 1.0, 1.0, 0.0, 0.5, 1.0])
record("binary_cross_entropy_with_logits", lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none"),
       [0.0, 100.0, -100.0, 1000.0, -1000.0, 9e9, -9e9, nan, inf, 1e5], [1.0, 0.0, 1.0, 1.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.99999])
