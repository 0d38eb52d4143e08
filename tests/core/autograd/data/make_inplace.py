#!/usr/bin/env python3
"""Records values and gradients of the programs of test_inplace.cpp as PyTorch computes them: python3 make_inplace.py > inplace.json"""
import json
import torch


def a_row(x, w):
    y = x * 2
    y[1].mul_(w)
    return y * x


def zero_row(x, w):
    y = x * w
    y[1].zero_()
    return y * y


def in_turn(x, w):
    y = x * 2
    y[0].mul_(w)
    y[2].add_(y[0])
    y[0].pow_(2)
    return y * x


def columns(x, w):
    y = x * 2
    y[:, 1:4:2].copy_(w[:2])
    return y * x


def transposed(x, w):
    y = x * 2
    y.t().mul_(w.unsqueeze(1))
    return y * x


def diagonal(x, w):
    y = x * 2
    y.diagonal().mul_(w[:3])
    return y * y


def deep(x, w):
    y = x * 2
    y.t()[1:3][1].mul_(3)
    y.view(2, 6).t()[2:6].mul_(w.unsqueeze(1))
    return y * x


def before(x, w):
    y = x * 2
    row, column = y[1], y[:, 2]
    y.mul_(w)
    return row.unsqueeze(0) * column.unsqueeze(1)


def two(x, w):
    y = x * 2
    row, column = y[1], y[:, 2]
    row.mul_(w)
    column.mul_(5)
    return y + row * w


def constant(x, w):
    y = torch.ones(3, 4, dtype=torch.float64)
    row = y[1]
    row.mul_(w)
    y.add_(x)
    return y * row


def filled(x, w):
    y = torch.zeros(3, 4, dtype=torch.float64)
    for i in range(3):
        y[i].copy_(x[i] * w)
    return y


def column_major(x, w):
    y = x.t() * 2
    y[1].mul_(w[:3])
    y[:, 2].mul_(w)
    return (y * x.t()).t()


def column_major_flat(x, w):
    y = x.t() * 2
    y.t().reshape(-1)[2:6].mul_(w)
    return (y * x.t()).t()


def column_major_diagonal(x, w):
    y = x.t() * 2
    y.diagonal(-1).mul_(w[1:4])
    return (y * x.t()).t()


def squeezed(x, w):
    y = (x * w).unsqueeze(0).clone()
    y.squeeze(0)[2].exp_()
    return y[0] * x


def no_grad(x, w):
    y = x + w
    with torch.no_grad():
        y.mul_(3)
    return y + x


def indexed(x, w):
    y = x * w
    y.masked_fill_(x > 0.55, 3)
    y.index_put_((torch.arange(2),), w * 2)
    return y * x


PROGRAMS = {
    "mul_ of a tensor": lambda x, w: (x * 2).mul_(w),
    "add_ of a tensor, scaled": lambda x, w: (x * 2).add_(w, alpha=3),
    "pow_": lambda x, w: (x * w).pow_(3),
    "sigmoid_": lambda x, w: (x * w).sigmoid_(),
    "div_ by what it came from": lambda x, w: (x * w).div_(x + 5),
    "copy_": lambda x, w: (x * 2).copy_(w * 3) * x,
    "fill_": lambda x, w: (x * w).fill_(2) * x,
    "zero_ of a row": zero_row,
    "mul_ of a row": a_row,
    "rows in turn": in_turn,
    "copy_ into a slice of columns": columns,
    "the transpose": transposed,
    "the diagonal": diagonal,
    "a view of a view of a view": deep,
    "a view that was made before": before,
    "two views of one place": two,
    "a constant that gets a history": constant,
    "a constant filled row by row": filled,
    "a base that is not row-major": column_major,
    "a base that is not row-major, flattened by its transpose": column_major_flat,
    "the diagonal of a base that is not row-major": column_major_diagonal,
    "squeezed and unsqueezed": squeezed,
    "under no_grad": no_grad,
    "masked_fill_ and index_put_": indexed,
}

recorded = {}
for name, program in PROGRAMS.items():
    x = (torch.arange(12, dtype=torch.float64) * 0.15 - 0.7).reshape(3, 4).requires_grad_()
    w = (torch.arange(4, dtype=torch.float64) * 0.3 + 0.4).requires_grad_()
    out = program(x, w)
    weights = torch.arange(1, out.numel() + 1, dtype=torch.float64).reshape(out.shape)
    gx, gw = torch.autograd.grad(out, (x, w), weights, allow_unused=True)
    recorded[name] = {"value": out.detach().reshape(-1).tolist(), "x": gx.reshape(-1).tolist() if gx is not None else [0.0] * 12,
                      "w": gw.reshape(-1).tolist() if gw is not None else [0.0] * 4}
print(json.dumps(recorded, indent=1))
