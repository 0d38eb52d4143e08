"""Tensors and other arguments between the recorded format (tests/conformance/data/README.md) and PyTorch."""
import math

import torch

FLOATS = ("float64", "float32", "float16", "bfloat16")
DTYPE_ARGUMENTS = ("dtype", "type1", "type2", "from_", "to")


def is_tensor(value):
    return isinstance(value, dict) and "dtype" in value and "data" in value


def number(value):
    return float(value) if isinstance(value, str) else value


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


def build(spec):
    """The tensor that a description of the format means."""
    dtype = getattr(torch, spec["dtype"])
    wide = torch.float64 if spec["dtype"] in FLOATS else torch.int64
    dense = torch.tensor([number(v) for v in spec["data"]], dtype=wide).to(dtype).reshape(spec["shape"])
    strides = spec.get("strides")
    if strides is None and spec.get("noncontiguous"):
        doubled = torch.empty(spec["shape"][:-1] + [2 * spec["shape"][-1]])
        strides = doubled[..., ::2].stride()
    if strides is not None:
        dense = place(dense, strides, spec.get("offset", 0))
    return dense.requires_grad_(bool(spec.get("requires_grad")))


def place(dense, strides, offset):
    reach = offset + 1
    if dense.numel() > 0:
        reach += sum((n - 1) * s for n, s in zip(dense.shape, strides))
    base = torch.full((reach,), 77).to(dense.dtype)
    view = target = base.as_strided(dense.shape, strides, offset)
    for dim, stride in enumerate(strides):  # a place that many elements share is written once
        if stride == 0 and dense.shape[dim] > 1:
            target, dense = target.narrow(dim, 0, 1), dense.narrow(dim, 0, 1)
    target.copy_(dense)
    return view


def text_of(value):
    return value if math.isfinite(value) else "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def describe(tensor, strides=False):
    """The description of a tensor's elements."""
    flat = tensor.detach().reshape(-1)
    name = dtype_name(tensor.dtype)
    data = [text_of(v) for v in flat.double().tolist()] if name in FLOATS else flat.to(torch.int64).tolist()
    result = {"dtype": name, "shape": list(tensor.shape), "data": data}
    if strides:
        result["strides"] = list(tensor.stride())
    return result


def plain(value):
    return text_of(value) if isinstance(value, float) else value


def argument(name, value):
    """A recorded argument as PyTorch takes it."""
    if is_tensor(value):
        return build(value)
    if isinstance(value, list):
        return [argument(name, item) for item in value]
    if isinstance(value, str):
        if name in DTYPE_ARGUMENTS:
            return getattr(torch, value)
        return float(value) if value in ("nan", "inf", "-inf") else value
    return value


def tensors_in(value):
    """The tensors of a built argument, in the order in which they are described."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for item in value for t in tensors_in(item)] if isinstance(value, (list, tuple)) else []
