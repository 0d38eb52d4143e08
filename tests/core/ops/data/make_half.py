#!/usr/bin/env python3
"""Records products and losses of 16-bit operands: python3 make_half.py > half.jsonl"""
import json
import torch
import torch.nn.functional as F


def with_gradient(f):
    def call(x, *rest):
        x = x.clone().requires_grad_()
        f(x, *rest).sum().backward()
        return x.grad

    return call


TARGET = torch.tensor([1, 3, 0])
CASES = {
    "mm": lambda x, y, v: x.mm(y),
    "mv": lambda x, y, v: x.mv(v),
    "dot": lambda x, y, v: v.dot(v),
    "bmm": lambda x, y, v: x[None].bmm(y[None]),
    "addmm": lambda x, y, v: torch.addmm(v, x, y, beta=0.3, alpha=0.7),
    "linear": lambda x, y, v: F.linear(x, y, v),
    "mm gradient": with_gradient(lambda x, y, v: x.mm(y)),
    "linear gradient": with_gradient(lambda x, y, v: F.linear(x, y, v)),
    "nll_loss": lambda x, y, v: F.nll_loss(x, TARGET),
    "nll_loss weight": lambda x, y, v: F.nll_loss(x, TARGET, weight=v.abs()),
    "nll_loss none": lambda x, y, v: F.nll_loss(x, TARGET, weight=v.abs(), reduction="none"),
    "nll_loss gradient": with_gradient(lambda x, y, v: F.nll_loss(x, TARGET, weight=v.abs())),
    "cross_entropy": lambda x, y, v: F.cross_entropy(x, TARGET),
    "cross_entropy gradient": with_gradient(lambda x, y, v: F.cross_entropy(x, TARGET)),
    "softmax": lambda x, y, v: x.softmax(1),
    "mse_loss": lambda x, y, v: F.mse_loss(x, y[:3]),
    "smooth_l1_loss": lambda x, y, v: F.smooth_l1_loss(x, y[:3]),
}
X = [[0.1, -0.7, 1.3, 2.1], [0.33, 5.0, -3.1, 0.9], [-1.7, 0.02, 0.6, -0.45]]
Y = [[1.1, 0.3, -0.9, 0.7], [0.25, 0.6, 1.9, -0.15], [-0.35, 2.2, 0.8, 0.4], [0.05, -1.4, 0.95, 1.2]]
V = [0.9, -0.21, 0.37, 1.6]
for name, f in CASES.items():
    for dtype in ("float16", "bfloat16"):
        out = f(*(torch.tensor(t).to(getattr(torch, dtype)) for t in (X, Y, V)))
        line = {"case": name, "dtype": dtype, "result": [str(out.dtype)[6:]] + out.double().flatten().tolist()}
        print(json.dumps(line))
