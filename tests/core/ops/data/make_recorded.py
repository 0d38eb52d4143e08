#!/usr/bin/env python3
"""Records what PyTorch 1.13.1 does, for indexing.jsonl and random.jsonl next to this script.

indexing.jsonl: self is 0, 1, 2, ... in `shape`; `index` is what stands between the brackets (an integer, a bool, null,
"...", {"slice": [..]}, {"long": nested list}, {"bool": nested list}). Without `values`, `out` is self[index] and
`self_grad` its gradient; with `values` (a shape, filled with 100, 101, ...) `out` is self after self[index] = values (or +=
of all, with `accumulate`), then the gradients of self and of the values. All gradients are for the weights 1, 2, 3, ...

random.jsonl: under `name`, the elements, shape and strides of a tensor filled after manual_seed(7).
Needs the Python package torch; the tests read only the recorded lines.
"""
import json
import pathlib

import torch

HERE = pathlib.Path(__file__).parent
ALL = {"slice": [None, None, None]}


def filled(shape, start):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float64) + start).reshape(shape)


def bracket(item):
    if isinstance(item, dict):
        if "slice" in item:
            return slice(*item["slice"])
        return torch.tensor(item["long"], dtype=torch.long) if "long" in item else torch.tensor(item["bool"], dtype=torch.bool)
    return Ellipsis if item == "..." else item


def long(*values):
    return {"long": list(values)}


def mask(values):
    return {"bool": values}


def cut(start=None, stop=None, step=None):
    return {"slice": [start, stop, step]}


READS = [
    ([4, 3], [long(0, 2, -1)]),
    ([4, 3], [long(3, 3, 0), long(0, 0, 2)]),
    ([4, 3], [ALL, long(2, 0)]),
    ([2, 3, 4], [long(1, 0), ALL, long(3, -1)]),
    ([2, 3, 4], [ALL, long(2, 0), long(1, 3)]),
    ([2, 3, 4], [long([0], [1]), ALL, long(3, 0, 1)]),
    ([2, 3, 4], [ALL, long([0, 1], [2, 2])]),
    ([2, 3, 4], ["...", long(0, 2)]),
    ([2, 3, 4], [None, long(1, 1), None]),
    ([2, 3, 4], [long(0, 1), None, long(1, 2)]),
    ([2, 3, 4], [cut(1), 0, long(2, 1)]),
    ([2, 3, 4], [long(0, 1), 2, cut(1, None, 2)]),
    ([2, 3, 4], [0, ALL, long(2, 1)]),
    ([2, 3], [mask([[True, False, True], [False, False, True]])]),
    ([2, 3, 2], [ALL, mask([[True, False], [False, True], [True, True]])]),
    ([3, 4], [mask([True, False, True]), long(1, 2)]),
    ([3, 4], [mask([True, False, True]), cut(1, 3)]),
    ([3, 4], [mask([False, False, False])]),
    ([2, 2, 3, 2], [long(0, 1), ALL, mask([[True, False], [False, False], [True, False]])]),
    ([3], [True]),
    ([3], [False]),
    ([3], [True, long(0, 2)]),
    ([2, 3], [None, 1, "..."]),
    ([2, 3], [long(), ALL]),
    ([3, 2], [{"long": 1}, ALL]),
]

WRITES = [
    ([4, 3], [long(0, 2)], [2, 3]),
    ([4, 3], [long(0, 2, 0)], [3, 3]),
    ([4, 3], [long(0, 2)], [3]),
    ([4, 3], [ALL, long(2, 0)], [4, 2]),
    ([4, 3], [ALL, long(2, 0)], []),
    ([4, 3], [ALL, long(2, 0)], [1, 1, 4, 1]),
    ([2, 3, 4], [long(1, 0), ALL, long(3, -1)], [2, 3]),
    ([2, 3, 4], [1, cut(1), long(3, 0)], [2, 2]),
    ([2, 3, 4], [cut(0, 1), long(2, 0), "..."], [2, 4]),
    ([2, 3], [mask([[True, False, True], [False, False, True]])], [3]),
    ([3, 4], [mask([True, False, True])], [1, 4]),
    ([3, 4], [cut(1), cut(None, None, 2)], [2, 2]),
    ([3, 4], [1, 2], []),
    ([3, 4], [1], [1, 1, 4]),
    ([3, 4], ["..."], [4]),
    ([3], [True], [3]),
    ([3], [False], [3]),
    ([3, 4], [mask([False, False, False])], [4]),
]

ADDS = [
    ([4, 3], [long(0, 2, 0, -4)], [4, 3]),
    ([4], [long(1, 1, 1)], []),
    ([2, 3], [long(1, 1), long(2, 2)], [2]),
    ([2, 2, 3], [long(1, 1), ALL, long(2, 0)], [2, 2]),
]


def flat(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def record_read(shape, index):
    x = filled(shape, 0).requires_grad_()
    out = x[tuple(bracket(i) for i in index)]
    out.backward(filled(list(out.shape), 1))
    return {"shape": shape, "index": index, "out": flat(out), "self_grad": flat(x.grad)}


def record_write(shape, index, values, accumulate):
    leaf, v = filled(shape, 0).requires_grad_(), filled(values, 100).requires_grad_()
    x = leaf.clone()
    if accumulate:
        tensors = [bracket(i) for i in index]
        # This form takes None where brackets take a colon.
        torch.ops.aten.index_put_(x, [None if isinstance(t, slice) else t for t in tensors], v, True)
    else:
        x[tuple(bracket(i) for i in index)] = v
    x.backward(filled(shape, 1))
    return {"shape": shape, "index": index, "values": values, "accumulate": accumulate, "out": flat(x),
            "self_grad": flat(leaf.grad), "value_grad": flat(v.grad)}


def random_tensors():
    empty = torch.empty
    strided = lambda dtype=torch.float32: empty(4, 10, dtype=dtype)[:, ::2]
    turned = lambda *size, dtype=torch.float32: empty(*size, dtype=dtype).t()
    yield "uniform_ transposed", lambda: turned(3, 4).uniform_(-1, 2)
    yield "uniform_ strided", lambda: strided().uniform_()
    yield "normal_ small", lambda: empty(5).normal_(1, 2)
    yield "normal_ transposed", lambda: turned(5, 4).normal_()
    yield "normal_ strided double", lambda: strided(torch.float64).normal_(0, 3)
    yield "exponential_ transposed", lambda: turned(2, 3).exponential_(2)
    yield "bernoulli_ transposed", lambda: turned(4, 5).bernoulli_(0.3)
    yield "bernoulli_ tensor", lambda: empty(3, 4).bernoulli_(torch.tensor([0.1, 0.5, 0.9, 1.0]))
    yield "bernoulli_ tensor transposed", lambda: turned(4, 3).bernoulli_(torch.tensor([0.1, 0.5, 0.9, 1.0], dtype=torch.float64))
    yield "bernoulli p", lambda: torch.bernoulli(torch.zeros(2, 8, dtype=torch.int64), p=0.25)
    for dtype in (torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool):
        name = str(dtype).removeprefix("torch.")
        yield f"random_ {name}", lambda dtype=dtype: empty(6, dtype=dtype).random_()
        yield f"random_ from 0 {name}", lambda dtype=dtype: empty(6, dtype=dtype).random_(0, None)
    yield "random_ to", lambda: empty(6, dtype=torch.int32).random_(10)
    yield "random_ from to float", lambda: empty(6).random_(-5, 16777300)
    yield "random_ full range", lambda: empty(6, dtype=torch.int64).random_(-2**63, None)
    yield "random_ full range double", lambda: empty(6, dtype=torch.float64).random_(-2**63, None)
    yield "random_ wide", lambda: empty(6, dtype=torch.int64).random_(-2**40, 2**40)
    yield "rand_like transposed", lambda: torch.rand_like(turned(3, 4))
    yield "rand_like expanded", lambda: torch.rand_like(empty(4).expand(3, 4))
    yield "randn_like transposed", lambda: torch.randn_like(turned(5, 4))
    yield "randn_like permuted", lambda: torch.randn_like(empty(2, 3, 4).permute(2, 0, 1))
    yield "randint_like transposed", lambda: torch.randint_like(turned(3, 2), 3, 30)
    yield "normal tensor double", lambda: torch.normal(torch.arange(4.0), 0.5)
    yield "normal double tensor", lambda: torch.normal(3.0, torch.arange(1.0, 5.0))
    yield "normal tensor tensor", lambda: torch.normal(torch.arange(3.0).reshape(3, 1), torch.arange(1.0, 3.0))
    yield "multinomial", lambda: torch.multinomial(torch.tensor([[1.0, 0, 3, 2], [0, 5, 5, 0]]), 2)
    for dtype in torch.float32, torch.float64:
        name = str(dtype)[6:]
        yield f"cauchy_ {name}", lambda: torch.empty(6, dtype=dtype).cauchy_(1, 2)
        yield f"log_normal_ {name}", lambda: torch.empty(6, dtype=dtype).log_normal_(0.5, 0.3)
        yield f"geometric_ {name}", lambda: torch.empty(6, dtype=dtype).geometric_(0.3)
        means = torch.tensor([0, 0.5, 3, 9.9, 10, 20, 200, 11], dtype=dtype)
        yield f"poisson {name}", lambda: torch.poisson(means.repeat(3))
        count = torch.tensor([0, 10, 100, 1000, 50, 40, 12], dtype=dtype).repeat(3)
        prob = torch.tensor([0.5, 0.3, 0.5, 0.9, 0.01, 0.99, 1.5], dtype=dtype).repeat(3)
        yield f"binomial {name}", lambda: torch.binomial(count, prob)
    yield "geometric_ int64", lambda: torch.empty(6, dtype=torch.int64).geometric_(0.1)
    yield "log_normal_ transposed", lambda: turned(3, 2).log_normal_()
    yield "binomial broadcast", lambda: torch.binomial(torch.tensor([[5.0], [60.0]]), torch.tensor([0.2, 0.7, 0.4]))
    yield "dropout transposed", lambda: torch.dropout(torch.ones(3, 4).t(), 0.4, True)


def write(name, lines):
    (HERE / name).write_text("".join(json.dumps(line) + "\n" for line in lines))


indexing = [record_read(*case) for case in READS]
indexing += [record_write(*case, False) for case in WRITES]
indexing += [record_write(*case, True) for case in ADDS]
write("indexing.jsonl", indexing)

random = []
for name, make in random_tensors():
    torch.manual_seed(7)
    t = make()
    random.append({"name": name, **flat(t), "strides": list(t.stride())})
write("random.jsonl", random)
