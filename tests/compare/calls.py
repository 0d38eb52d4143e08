"""How PyTorch is called for a schema of the recorded data, and what of its answer is recorded."""
import functools
import re

import torch

import values


def indexed(self, index):
    items = []
    for item in index:
        if isinstance(item, dict):
            items.append(slice(*item["slice"]))
        else:
            items.append(Ellipsis if item == "..." and isinstance(item, str) else item)
    return self[tuple(items)]


LARGEST = 20000  # elements of all results of a call together


PYTHON = {
    "Tensor.T": lambda self: self.permute(tuple(reversed(range(self.dim())))),
    "Tensor.__getitem__": indexed,
    "Tensor.sum_to_size": lambda self, size: self.sum_to_size(size),
    "Tensor.__rdiv__": lambda self, other: other / self,
    "Tensor.__rmod__": lambda self, other: other % self,
    "Tensor.__rpow__": lambda self, other: other**self,
    "Tensor.__rsub__": lambda self, other: other - self,
    "torch.broadcast_shapes": lambda shapes: torch.broadcast_shapes(*shapes),
    "lstsq_solution": lambda self, b: torch.linalg.lstsq(self, b, driver="gels").solution,
}


class Refused(Exception):
    """A draw that is no call at all, since the kinds of the arguments are not those of the signature, or a long one."""


@functools.cache
def function(schema):
    if schema.startswith("python:"):
        name = schema.removeprefix("python:")
        if name in PYTHON:
            return PYTHON[name]
        return functools.reduce(getattr, name.removeprefix("torch.").split("."), torch)
    name, _, overload = schema.partition(".")
    packet = getattr(torch.ops.aten, name, None)
    if packet is None:  # of Python alone by now
        return lambda self, **others: getattr(torch, name)(self, **others)
    return getattr(packet, overload or "default")


def is_pointwise(schema):
    return torch.Tag.pointwise in getattr(function(schema), "tags", [])


def call(schema, arguments):
    try:
        return function(schema)(**arguments)
    except Exception as error:
        if re.search(r"Expected a value of type|must be .*, not|unexpected keyword|Could not run|Overflow when unpacking|"
                     r"argument '|missing \d+ required|not callable|now removed|invalid combination|missing value for arg|object is not",
                     str(error)):
            raise Refused from error
        raise


def flat_results(value):
    if isinstance(value, (tuple, list)) and not isinstance(value, torch.Size):
        return [r for item in value for r in flat_results(item)]
    return [value]


def lacks_kernel(error):
    return re.search(r"not (yet )?implemented for|expected scalar type|could not infer output dtype|Expected a long tensor|expected BoolTensor|Expected dtype int64|not supported|[Uu]nsupported|does not support|only supports? |must be float|"
                     r"expects? .*(float|integ)|requires? .*(float|integ)|not support", str(error)) is not None


def record(op, schema, arguments, rng):
    """Calls PyTorch; gives the members of the recorded line that follow `args`."""
    built = {name: values.argument(name, value) for name, value in arguments.items()}
    leaves = {name: values.tensors_in(value) for name, value in built.items()}
    before = {name: [values.describe(t) for t in tensors] for name, tensors in leaves.items()}
    try:
        answer = call(schema, built)
    except Refused:
        raise
    except Exception as error:
        kind = {"error_kind": "unsupported_dtype"} if lacks_kernel(error) else {}
        return {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}", **kind}
    results = flat_results(answer)
    if sum(r.numel() for r in results if isinstance(r, torch.Tensor)) > LARGEST:
        raise Refused
    storages = {t.untyped_storage().data_ptr() for tensors in leaves.values() for t in tensors if t.numel() > 0}
    # Where all inputs are laid out alike, so is a pointwise result.
    given = [t for tensors in leaves.values() for t in tensors]
    alike = is_pointwise(schema) and len({(t.shape, t.stride()) for t in given}) == 1 and 1 not in given[0].shape
    outputs = []
    for result in results:
        if isinstance(result, torch.Tensor):
            strides = alike or result.untyped_storage().data_ptr() in storages
            outputs.append(values.describe(result, strides and result.numel() > 0))
        elif isinstance(result, torch.dtype):
            outputs.append(values.dtype_name(result))
        else:
            outputs.append(list(result) if isinstance(result, torch.Size) else values.plain(result))
    line = {"outputs": outputs}
    after = {name: values.describe(tensors[0]) for name, tensors in leaves.items()
             if isinstance(built[name], torch.Tensor) and repr(values.describe(tensors[0])) != repr(before[name][0])}
    if after:
        line["args_after"] = after
    line.update(backward(results, built, leaves, rng))
    if op in ("qr", "linalg.qr"):
        line["up_to_sign"] = True
    return line


def backward(results, built, leaves, rng):
    asked = [t for tensors in leaves.values() for t in tensors if t.requires_grad]
    through = [r for r in results if isinstance(r, torch.Tensor) and r.requires_grad and r.grad_fn is not None]
    if not asked or not through:
        return {}
    incoming = []
    for result in through:
        values_of = [rng.choice((-1, 1)) * rng.uniform(0.25, 2) for _ in range(result.numel())]
        incoming.append(torch.tensor(values_of, dtype=torch.float64).to(result.dtype).reshape(result.shape))
    try:
        got = torch.autograd.grad(through, asked, incoming, allow_unused=True)
    except (RuntimeError, NotImplementedError, IndexError, ValueError):
        return {}
    gradient = {id(t): g for t, g in zip(asked, got)}

    def of(tensor):
        found = gradient.get(id(tensor))
        return None if found is None else values.describe(found)

    grads = {}
    for name, tensors in leaves.items():
        if any(t.requires_grad for t in tensors):
            single = isinstance(built[name], torch.Tensor)
            grads[name] = of(tensors[0]) if single else [of(t) for t in tensors]
    given = iter(incoming)
    through_ids = {id(t) for t in through}
    grad_outputs = [values.describe(next(given)) if id(r) in through_ids else None for r in results]
    return {"grad_outputs": grad_outputs, "grads": grads}
