#!/usr/bin/env python3
"""Records what PyTorch makes of views that an op, no_grad or a Function made, once they or their base change: values and
gradients (value, x, w), or null for an error: python3 make_stale_views.py > stale_views.json"""
import json
import torch
from torch.autograd import Function


def function(forward, backward, setup=None):
    def run(ctx, *args):
        out = forward(*args)
        if setup:
            setup(ctx, out)
        return out

    return type("F", (Function,), {"forward": staticmethod(run), "backward": staticmethod(lambda ctx, *g: backward(*g))})


def padded(g):
    return torch.cat([g.new_zeros(1), g * 10])


Same = function(lambda x: x, lambda g: g * 10)
Tail = function(lambda x: x[1:], padded)
Parts = function(lambda x: (x[1:], x[:1]), lambda g, h: torch.cat([h, g]) * 10)
Buffer = function(lambda x, b: b[1:], lambda g: (padded(g), None))
Fresh = function(lambda x: (x * 2)[1:], lambda g: padded(g) / 5)
Constant = function(lambda x: (x[1:], x * 2), lambda g, h: h * 2, lambda ctx, out: ctx.mark_non_differentiable(out[0]))


def under(mode, make):
    def f(z, x):
        with mode():
            return make(z)

    return f


VIEWS = {
    "a view": lambda z, x: z[1:],
    "a view under no_grad": under(torch.no_grad, lambda z: z[1:]),
    "a view of a view under no_grad": lambda z, x: under(torch.no_grad, lambda z: z.view(-1))(z, x)[1:],
    "a view under inference_mode": under(torch.inference_mode, lambda z: z[1:]),
    "a view of the data": lambda z, x: z.data[1:],
    "a Function's argument": lambda z, x: Same.apply(z),
    "a Function's argument under no_grad": under(torch.no_grad, lambda z: Same.apply(z)),
    "a Function's view": lambda z, x: Tail.apply(z),
    "a view of a Function's argument": lambda z, x: Same.apply(z)[1:],
    "one of a Function's views": lambda z, x: Parts.apply(z)[0],
    "a Function's view of a buffer": lambda z, x: Buffer.apply(x, z),
    "a Function's view of its own": lambda z, x: Fresh.apply(z),
    "a Function's constant view": lambda z, x: Constant.apply(z)[0],
}

BASES = {"a leaf": lambda x: x, "a result": lambda x: x * 1, "a constant": lambda x: x.detach().clone()}


def no_grad(f):
    def g(z, v, w):
        with torch.no_grad():
            f(z, v, w)

    return g


def both(f, g):
    def h(z, v, w):
        f(z, v, w)
        g(z, v, w)

    return h


def scale(z, v, w):
    z.mul_(3)


def scale_by(z, v, w):
    z.mul_(w)


CHANGES = {
    "nothing": lambda z, v, w: None,
    "the base by a number": scale,
    "the base": scale_by,
    "another view": lambda z, v, w: z[2:].mul_(w[2:]),
    "the view by a number": lambda z, v, w: v.mul_(3),
    "the view": lambda z, v, w: v.mul_(w[: len(v)]),
    "the base under no_grad": no_grad(scale),
    "the view under no_grad": no_grad(lambda z, v, w: v.mul_(3)),
    "the base under no_grad, then with gradients": both(no_grad(scale), scale_by),
    "the base with gradients, then under no_grad": both(scale_by, no_grad(scale)),
    "whether the base is a leaf": lambda z, v, w: z.requires_grad_(),
}

USES = {
    "the view": lambda z, v, w: v * w[: len(v)],
    "the base": lambda z, v, w: z * 1,
    "both": lambda z, v, w: v.sum() * z,
    # PyTorch takes a view whose history is yet to be made for a leaf: asking for it makes it.
    "the view, in place": lambda z, v, w: (v.grad_fn, v.mul_(w[: len(v)]))[1],
}


def run(view, base, change, use):
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([2.0, 4.0, 5.0], dtype=torch.float64, requires_grad=True)
    try:
        z = base(x)
        v = view(z, x)
        change(z, v, w)
        out = use(z, v, w)
        if out.requires_grad:
            out.sum().backward()
    except RuntimeError:
        return None
    gradient = lambda t: [0.0] * 3 if t.grad is None else t.grad.tolist()
    return [out.tolist(), gradient(x), gradient(w)]


print("{" + ",\n".join(
    f"{json.dumps(f'{v} of {b}')}: " + json.dumps(
        {c: {u: run(view, base, change, use) for u, use in USES.items()} for c, change in CHANGES.items()},
        separators=(",", ":"))
    for v, view in VIEWS.items() for b, base in BASES.items()) + "}")
