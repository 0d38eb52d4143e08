#!/usr/bin/env python3
"""Records str(tensor) of PyTorch 1.13.1 for printing_extra.jsonl, next to this script.

A line: the elements of the storage, the view of them that is printed, the options, and the text.
Strings stand for nan and the infinities. Needs the Python package torch; the tests read only the recorded lines.
"""
import json
import math
import pathlib

import torch

INF, NAN = math.inf, math.nan
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
lines = []


def name(dtype):
    return str(dtype).removeprefix("torch.")


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return int(value) if isinstance(value, bool) else value


def record(tensor, **options):
    torch.set_printoptions(profile="default")
    if options:
        torch.set_printoptions(**options)
    with torch.no_grad():
        offset = tensor.storage_offset()
        reach = sum((n - 1) * s for n, s in zip(tensor.shape, tensor.stride())) if tensor.numel() else -1
        data = tensor.detach().as_strided((reach + 1,), (1,), offset).tolist()
    lines.append({
        "id": f"extra/{len(lines):03d}", "dtype": name(tensor.dtype), "data": [plain(v) for v in data],
        "sizes": list(tensor.shape), "strides": list(tensor.stride()), "options": options,
        "default_dtype": name(torch.get_default_dtype()), "requires_grad": tensor.requires_grad,
        "grad_fn": type(tensor.grad_fn).__name__ if tensor.grad_fn is not None else "", "text": str(tensor)})


def windows(count, *sizes, dtype=torch.float32):
    """Many elements from few: overlapping views of `count` random numbers."""
    base = torch.randn(count).to(dtype)
    return base.as_strided(sizes, tuple(1 for _ in sizes))


def values():
    sets = [[1.0, 2.0], [0.5, -0.25], [1e-5, 1.0], [1e5, 1.5], [65504.0, 1.0], [NAN, 1.0], [INF, -INF, 2.5], [NAN], [-INF],
            [0.0, -0.0], [-0.0], [-0.0, 0.5], [NAN, INF, -INF, -0.0, 3.0], [1000.0, 1.0], [1001.0, 1.0], [1e-4, 0.05],
            [9.9e-5, 0.05], [99999.5], [0.99995, 1.0], [2.00005, 0.5], [-NAN, 1.0], [1e-8], [300.0, 0.25, NAN, INF]]
    for dtype in FLOATS:
        for v in sets:
            record(torch.tensor(v, dtype=dtype))
            record(torch.tensor(v, dtype=dtype), sci_mode=True)
            record(torch.tensor(v, dtype=dtype), sci_mode=False)
        for v in (3.0, 0.1, NAN, -INF, -0.0, 12345.678, 1e-7):
            record(torch.tensor(v, dtype=dtype))
    for v in ([1e8], [1e8 + 1], [1e9, 1e7], [1e300, -1e-300], [5e-324], [1.7976931348623157e308, 0.5], [1e16, 1e16 + 2]):
        record(torch.tensor(v, dtype=torch.float64))
        record(torch.tensor(v, dtype=torch.float64), sci_mode=False)


def integers():
    for dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        limits = torch.iinfo(dtype)
        record(torch.tensor([limits.min, -1 % (limits.max + 1), 0, limits.max], dtype=dtype))
        record(torch.tensor(limits.max, dtype=dtype))
    record(torch.tensor([[2**62, 1], [-2**62, 10**18]]), linewidth=40)
    record(torch.tensor([True, False]))
    record(torch.tensor(True))
    record(torch.tensor([[True] * 30] * 2), linewidth=50)


def options():
    x = torch.randn(3, 9)
    for precision in (0, 1, 2, 8, 12, 20):
        record(x, precision=precision)
        record(x.double() * 1e5, precision=precision)
        record(x.half(), precision=precision, sci_mode=True)
    for width in (0, 1, 10, 20, 40, 79, 81, 120, 1000):
        record(x, linewidth=width)
        record(torch.arange(60), linewidth=width)
        record(torch.tensor(2.5, dtype=torch.float64, requires_grad=True), linewidth=width)
    for size in (5, 6, 7, 999, 1000, 1001):
        record(torch.arange(size).int())
    for threshold in (0, 5, 26, 27, 28):
        for edge in (1, 2, 4, 5):
            record(x, threshold=threshold, edgeitems=edge)
    for profile in ("short", "full", "default"):
        record(windows(110, 100, 11), profile=profile)
        record(x, profile=profile, precision=3)


def shapes():
    record(torch.randn(2, 1, 2, 1, 3))
    record(torch.arange(2 * 3 * 2 * 2 * 2).view(2, 3, 2, 2, 2))
    record(torch.ones(1, 1, 1, 1, 1, 1, 1))
    record(windows(100, 8, 9, 10, 2, 3))
    record(windows(200, 7, 1, 7, 1, 70), edgeitems=2)
    record(windows(300, 30, 40))
    record(windows(1100, 1001))
    record(windows(1100, 1001, 1))
    record(windows(1100, 1, 1001))
    record(windows(40, 6, 6, 30))
    record(torch.tensor([0.5]).expand(10**9))
    record(torch.tensor(7).expand(1000, 1000, 1000))
    record(torch.tensor([1e-3, 5.0]).expand(10**6, 500, 2))
    for shape in ((0,), (0, 3), (3, 0), (2, 0, 5), (1, 0)):
        for dtype in (torch.float32, torch.float64, torch.int64, torch.bool, torch.float16):
            record(torch.empty(shape, dtype=dtype))
    record(torch.empty(0, 2, requires_grad=True))
    record(torch.empty(2, 0, dtype=torch.float64, requires_grad=True) * 2)


def views():
    x = torch.randn(6, 8)
    for view in (x.t(), x[::2, 1::3], x[3], x[:, 2], x[1:1], x[2, 3], x.view(2, 3, 8).permute(2, 0, 1), x[:, None, ::4],
                 x.diagonal(), x.expand(2, 6, 8), x.unfold(1, 3, 2)):
        record(view)
    record(torch.arange(2000).view(40, 50).t())
    record(torch.arange(24, dtype=torch.float16).view(4, 6).t()[1:5:2])


def suffixes():
    x = torch.linspace(-2, 2, 9, requires_grad=True)
    for y in (x * 2, x.sum(), x.view(3, 3).mm(x.view(3, 3)), x.double(), x.half(), x[0], x[2:2], torch.sigmoid(x),
              torch.nn.functional.layer_norm(x, (9,)), x.double().view(3, 3).t() * 2):
        record(y)
        record(y, linewidth=50)
    for n in range(1, 30):  # the suffix meets the end of the line
        record(torch.ones(n, requires_grad=True) + 1)
        record(torch.ones(n, dtype=torch.float64, requires_grad=True) * 0.5)
        record(torch.ones(2, n, dtype=torch.float64, requires_grad=True))
    target = torch.zeros(9)
    record(torch.nn.functional.binary_cross_entropy_with_logits(x, target, reduction="none"))
    torch.set_default_dtype(torch.float64)
    record(torch.ones(2))
    record(torch.ones(2, dtype=torch.float32))
    record(torch.ones(0, dtype=torch.int64))
    record(torch.ones(3, dtype=torch.int32))
    torch.set_default_dtype(torch.float32)


def main():
    torch.manual_seed(0)
    for part in (values, integers, options, shapes, views, suffixes):
        part()
    path = pathlib.Path(__file__).with_name("printing_extra.jsonl")
    with path.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
    print(f"{len(lines)} lines in {path}")


if __name__ == "__main__":
    main()
