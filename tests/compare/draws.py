"""Random calls, made from recorded ones: other shapes, dtypes, layouts, values and arguments."""
import copy
import math

import values

SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 33]
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")
LIMITS = {"int64": (-(2**63), 2**63 - 1), "int32": (-(2**31), 2**31 - 1), "int16": (-(2**15), 2**15 - 1),
          "int8": (-128, 127), "uint8": (0, 255), "bool": (0, 1)}
SPECIAL = {"float64": [math.nan, math.inf, -math.inf, -0.0, 0.0, 1.7e308, -1.7e308, 2.3e-308, 1e30, -1e-30, 1e6, -1e-6],
           "float32": [math.nan, math.inf, -math.inf, -0.0, 0.0, 3.4e38, -3.4e38, 1.2e-38, 1e30, -1e-30, 1e6, -1e-6],
           "float16": [math.nan, math.inf, -math.inf, -0.0, 0.0, 65504.0, -65504.0, 6.2e-5, 1000.0, 20.0],
           "bfloat16": [math.nan, math.inf, -math.inf, -0.0, 0.0, 3.3e38, -3.3e38, 1.2e-38, 1e30, -1e-30, 1e6, -1e-6]}
REALS = [0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -0.5, 1e-3, 100.0, math.nan, math.inf, -math.inf]
LARGEST = 4000  # elements of a tensor
# Arguments that may be an integer or a real number: those of the type Scalar.
SCALARS = ("other", "value", "alpha", "beta", "exponent", "fill_value", "min", "max", "weight")


def count(shape):
    return math.prod(shape)


def tensors_of(value):
    if values.is_tensor(value):
        return [value]
    return [t for item in value for t in tensors_of(item)] if isinstance(value, list) else []


class Draw:
    """One call on its way from a recorded one."""

    def __init__(self, case, seen, rng, pointwise):
        self.rng = rng
        self.pointwise = pointwise
        self.seen = seen  # argument -> all values that some recorded call of the schema gives it
        self.args = copy.deepcopy(case["args"])
        self.tensors = [t for value in self.args.values() for t in tensors_of(value)]
        self.origin = [dict(t, shape=list(t["shape"]), data=[values.number(v) for v in t["data"]]) for t in self.tensors]

    def chance(self, probability):
        return self.rng.random() < probability

    def draw(self):
        redrawn = self.chance(0.75)
        if self.tensors:
            if self.chance(0.7):
                self.change_shapes()
                redrawn = True
            if self.chance(0.6):
                self.change_dtypes()
                redrawn = True
        if self.chance(0.5):
            self.change_arguments()
        for tensor, origin in zip(self.tensors, self.origin):
            tensor.pop("noncontiguous", None)
            tensor.pop("requires_grad", None)
            if redrawn:
                self.fill(tensor, origin)
        for tensor in self.tensors:
            if self.chance(0.45):
                self.lay_out(tensor)
            if tensor["dtype"] in values.FLOATS and self.chance(0.5):
                tensor["requires_grad"] = True
        return self.args

    # --- shapes ---

    def size(self):
        return 0 if self.chance(0.06) else self.rng.choice([65, 130, 257]) if self.chance(0.05) else self.rng.choice(SIZES)

    def change_shapes(self):
        rng = self.rng
        some = rng.choice(self.tensors)
        kind = rng.random()
        if kind < 0.6:
            self.substitute_sizes()
        elif kind < 0.7:
            batch = self.size()
            for tensor in self.tensors:
                tensor["shape"] = [batch] + tensor["shape"]
        elif kind < 0.8 and some["shape"]:
            some["shape"][rng.randrange(len(some["shape"]))] = 1
        elif kind < 0.86 and some["shape"]:
            for tensor in self.tensors if self.chance(0.5) else [some]:
                tensor["shape"] = tensor["shape"][1:]
        elif kind < 0.91:
            for tensor in self.tensors if self.chance(0.5) else [some]:
                tensor["shape"] = []
        elif kind < 0.96 and some["shape"]:
            some["shape"][rng.randrange(len(some["shape"]))] = self.size()
        else:
            some["shape"] = [self.size() for _ in range(rng.randrange(5))]
        for tensor in self.tensors:
            while count(tensor["shape"]) > LARGEST:
                largest = max(range(len(tensor["shape"])), key=lambda d: tensor["shape"][d])
                tensor["shape"][largest] = (tensor["shape"][largest] + 1) // 2

    def substitute_sizes(self):
        """Other sizes for the sizes that occur: what fitted together still does."""
        known = sorted({n for t in self.tensors for n in t["shape"]})
        others = {n: self.size() for n in known if self.chance(0.6)}
        for tensor in self.tensors:
            tensor["shape"] = [others.get(n, n) for n in tensor["shape"]]

        def substitute(value):
            if isinstance(value, list):
                return [substitute(v) for v in value]
            return others.get(value, value) if type(value) is int else value

        for name, value in self.args.items():
            if not tensors_of(value) and ("size" in name or "shape" in name) or name in ("sections", "steps"):
                self.args[name] = substitute(value)

    # --- dtypes ---

    def change_dtypes(self):
        rng = self.rng
        floats = rng.choices(values.FLOATS, (35, 35, 15, 15))[0]
        apart = self.chance(0.12)
        for tensor in self.tensors:
            if tensor["dtype"] in values.FLOATS:
                tensor["dtype"] = rng.choice(values.FLOATS + INTEGERS + ("bool",)) if apart else floats
            elif self.chance(0.3):
                tensor["dtype"] = rng.choice(INTEGERS + (("bool",) if self.chance(0.2) else ()))
        if self.chance(0.08):
            some = rng.choice(self.tensors)
            some["dtype"] = rng.choice(values.FLOATS + INTEGERS + ("bool",))

    # --- values ---

    def fill(self, tensor, origin):
        rng, size, dtype = self.rng, count(tensor["shape"]), tensor["dtype"]
        known = [v for v in origin["data"] if not math.isnan(v) and math.isfinite(v)] or [0]
        low, high = min(known), max(known)
        if dtype not in values.FLOATS:
            least, most = LIMITS[dtype]
            data = [max(least, min(most, rng.randint(math.floor(low), math.ceil(high)))) for _ in range(size)]
            if self.pointwise and self.chance(0.06):
                data = [rng.choice((least, most, 0, 1)) if self.chance(0.2) else v for v in data]
        elif all(v == int(v) for v in known) and self.chance(0.7):  # ties
            data = [float(rng.randint(int(low), int(high))) for _ in range(size)]
        else:
            data = [rng.uniform(low, high) for _ in range(size)]
        if len(origin["data"]) > 2 and origin["data"] == sorted(origin["data"]):
            last = tensor["shape"][-1] if tensor["shape"] else 1
            data = [v for i in range(0, size, max(last, 1)) for v in sorted(data[i:i + last])]
        if dtype in values.FLOATS:
            data = self.keep_structure(data, tensor, origin)
        if dtype in values.FLOATS and self.chance(0.15):
            specials = [v for v in SPECIAL[dtype] if self.keeps_order(v, dtype)]
            data = [rng.choice(specials) if self.chance(0.2) else v for v in data]
        tensor["data"] = data

    def keeps_order(self, value, dtype):
        """Near the ends of a dtype, what is formed of several elements depends on the order in which it is."""
        limit = 30 if dtype == "float16" else 1e9
        single = self.pointwise and len(self.tensors) == 1
        return single or not math.isfinite(value) or value == 0 or 1 / limit < abs(value) < limit

    def keep_structure(self, data, tensor, origin):
        """Symmetric matrices stay symmetric, those with a heavy diagonal keep it: solvers ask for it."""
        shape, old = tensor["shape"], origin["shape"]
        if not origin["data"] or len(old) < 2 or old[-1] != old[-2] or old[-1] < 2 or len(shape) < 2 or shape[-1] != shape[-2]:
            return data
        n, m = old[-1], max(shape[-1], 1)
        cells = [(i, j) for i in range(n) for j in range(i)]
        at = lambda i, j: origin["data"][i * n + j]
        symmetric = all(abs(at(i, j) - at(j, i)) < 1e-12 for i, j in cells)
        triangular = all(at(i, j) == 0 for i, j in cells) or all(at(j, i) == 0 for i, j in cells)
        for start in range(0, len(data), m * m):
            for i in range(m):
                for j in range(i):
                    if symmetric:
                        data[start + i * m + j] = data[start + j * m + i]
                if symmetric or triangular:
                    data[start + i * m + i] = abs(data[start + i * m + i]) + (m if symmetric else 1)
        return data

    # --- layouts ---

    def lay_out(self, tensor):
        rng, shape = self.rng, tensor["shape"]
        if tensor["dtype"] in values.FLOATS and rng.random() < 0.15 and shape and len(tensor["data"]) > 0:
            return self.spread(tensor)
        order = list(range(len(shape)))
        if self.chance(0.6):
            rng.shuffle(order)
        strides, step = [0] * len(shape), rng.choice((1, 1, 1, 2, 3))
        for dim in reversed(order):
            strides[dim] = step
            step *= max(shape[dim], 1) + (rng.randint(0, 2) if self.chance(0.25) else 0)
        tensor["strides"], tensor["offset"] = strides, rng.choice((0, 0, 1, 3))

    def spread(self, tensor):
        """Stride 0 along one dimension: all its elements are the first."""
        shape, dim = tensor["shape"], self.rng.randrange(len(tensor["shape"]))
        inner, n = count(shape[dim + 1:]), shape[dim]
        data = tensor["data"]
        tensor["data"] = [data[i - i // inner % n * inner] for i in range(len(data))]
        strides, step = [0] * len(shape), 1
        for d in reversed(range(len(shape))):
            if d != dim:
                strides[d], step = step, step * max(shape[d], 1)
        tensor["strides"] = strides

    # --- other arguments ---

    def change_arguments(self):
        for name in list(self.seen):
            if tensors_of(self.seen[name][0]) or tensors_of(self.args.get(name)):
                continue
            if self.chance(0.15):
                self.args[name] = copy.deepcopy(self.rng.choice(self.seen[name]))
            elif name in self.args and self.chance(0.4):
                self.args[name] = self.changed(name, self.args[name])

    def changed(self, name, value):
        rng = self.rng
        if name in values.DTYPE_ARGUMENTS:
            return rng.choice(values.FLOATS + INTEGERS + ("bool",))
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            if name in SCALARS and self.chance(0.3):
                return float(value) if self.chance(0.5) else rng.choice(REALS)
            return self.integer(value)
        if isinstance(value, float):
            if name in SCALARS and self.chance(0.2):
                return rng.randint(-3, 3)
            return rng.choice(REALS) if self.chance(0.5) else value * rng.uniform(-1, 2)
        if isinstance(value, str):
            return rng.choice(self.seen[name]) if name in self.seen else value
        if isinstance(value, list) and value and name != "index":
            return self.changed_list(name, list(value))
        return value

    def integer(self, value):
        rng = self.rng
        dims = len(rng.choice(self.tensors)["shape"]) if self.tensors else 2
        if self.chance(0.02):
            return rng.choice((2**63 - 1, -(2**63), 2**62))
        return rng.choice((value + 1, value - 1, -value, 0, 1, 2, -1, value - dims, value + dims,
                           rng.randint(-dims - 1, dims), rng.randint(0, 9)))

    def changed_list(self, name, value):
        rng, kind = self.rng, self.rng.random()
        at = rng.randrange(len(value))
        if kind < 0.5:
            value[at] = self.changed(name, value[at])
        elif kind < 0.65:
            del value[at]
        elif kind < 0.8:
            value.insert(at, copy.deepcopy(rng.choice(value)))
        else:
            rng.shuffle(value)
        return value


def seen_arguments(cases):
    """By schema: argument -> values."""
    seen = {}
    for case in cases:
        for name, value in case["args"].items():
            seen.setdefault(case["schema"], {}).setdefault(name, []).append(value)
    return seen
