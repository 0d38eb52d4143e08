"""What is not compared, and why: PyTorch leaves it open, gives other answers in its vector loop than in the rest of the
same tensor, reads memory that is not there, or is less strict than xgrad means to be. All of it stands in this file."""
import math
import re

import values


def tensors(args):
    flat = [t for v in args.values() for t in (v if isinstance(v, list) else [v])]
    return [t for t in flat if values.is_tensor(t)]


def has_ties(args):
    return any(len(set(t["data"])) < len(t["data"]) for t in tensors(args))


def finite(args):
    return all(math.isfinite(values.number(v)) for t in tensors(args) for v in t["data"]) and not any(
        v in ("nan", "inf", "-inf") for v in args.values() if isinstance(v, str))


def empty(args):
    return any(0 in t["shape"] for t in tensors(args))


def expanded(args):
    return any(s == 0 and n > 1 for t in tensors(args) for s, n in zip(t.get("strides", ()), t["shape"]))


# --- calls that PyTorch must not get ---

def segments_do_not_fit(op, args):
    """PyTorch reads past the data when the lengths of segments do not add up to it."""
    lengths = args.get("lengths") or args.get("offsets")
    if op != "segment_reduce" or not values.is_tensor(lengths):
        return False
    size, axis = args["data"]["shape"], args.get("axis", 0)
    rank, last = len(lengths["shape"]), (lengths["shape"] or [0])[-1]
    if axis not in (0, rank - 1) or rank > len(size) or rank == 0 or lengths["shape"][:-1] != size[:rank - 1] or last == 0:
        return True
    rows = [lengths["data"][i:i + last] for i in range(0, len(lengths["data"]), last)]
    if "lengths" in args and args["lengths"] is not None:
        return any(sum(row) != size[rank - 1] or min(row) < 0 for row in rows)
    return any(row[0] != 0 or row[-1] != size[rank - 1] or row != sorted(row) for row in rows)


def pdist_of_less_than_two(op, args):
    """PyTorch's gradient of no distance ends the process."""
    return op == "nn.functional.pdist" and (empty(args) or any(t["shape"][:1] in ([0], [1]) for t in tensors(args)))


DANGEROUS = (segments_do_not_fit, pdist_of_less_than_two)

# --- calls that are not compared ---

DECOMPOSED = re.compile(r"linalg\.(?!.*norm|cross|multi)|cholesky|qr|logdet|triangular_solve")
LINALG = re.compile(r"linalg\.|cholesky|qr|logdet|triangular_solve")


def random_result(op, args, line):
    return "dropout" in op and args.get("training", True) and not values.number(args.get("p", 0.5)) in (0, 1)


def fault_of_pytorch(op, args, line):
    """A message about PyTorch's own insides for a call that is well formed, or a tensor of negative size."""
    if any(n < 0 for t in line.get("outputs", ()) if values.is_tensor(t) for n in t["shape"]):
        return True
    return re.search(r"INTERNAL ASSERT|view size is not compatible", line.get("error", "")) is not None


def unstable_order(op, args, line):
    return op == "argsort" and not args.get("stable") and has_ties(args)


def order_of_unsorted(op, args, line):
    """topk may give the chosen in any order unless they are to be sorted."""
    return op == "topk" and args.get("sorted") is False


def huge_order(op, args, line):
    """Derivatives of polygamma of an order that no double holds."""
    return op == "polygamma" and args.get("n", 0) > 170


def order_of_shared_memory(op, args, line):
    """PyTorch sorts in place what several elements share, and returns values that were never there."""
    return op in ("median", "nanmedian", "kthvalue", "mode") and expanded(args)


def no_check_of_nothing(op, args, line):
    """PyTorch returns before it looks at dims, indices or dtypes when there is no element."""
    if not empty(args) or "error" in line:
        return False
    low = any(t["dtype"] not in ("float32", "float64") for t in tensors(args))
    kinds = {t["dtype"] for t in tensors(args)}
    return (op in ("native_layer_norm", "softmax", "log_softmax", "roll", "index_fill", "histogram", "histogramdd", "repeat_interleave", "trapezoid", "trapz", "addmv",
                   "index_copy", "index_add", "nn.functional.pixel_unshuffle", "tile")
            or LINALG.match(op) is not None and low
            or op in ("bmm", "matmul", "mm", "addmm", "baddbmm", "addbmm", "mv", "addr", "inner", "dot") and len(kinds) > 1)


def wrapped_index(op, args, line):
    """PyTorch takes an index of take_along_dim modulo the size; xgrad refuses it."""
    if op != "take_along_dim" or "error" in line:
        return False
    sizes = args["self"]["shape"] or [1]
    size = sizes[args["dim"]] if args.get("dim") is not None else math.prod(sizes)
    return any(not 0 <= i < size for i in args["indices"]["data"])


def no_kernel_for_mixed(op, args, line):
    """PyTorch's cross asks nobody about dtypes, and the kernel then stumbles over them."""
    return op in ("cross", "linalg.cross") and len({t["dtype"] for t in tensors(args)}) > 1


def one_point_of_bool(op, args, line):
    """PyTorch has linspace and logspace for bool only when there is a single point."""
    return op in ("linspace", "logspace") and args.get("dtype") == "bool"


def many_dimensions(op, args, line):
    """xgrad has tensors of up to 64 dimensions."""
    return any(len(t["shape"]) > 64 for t in tensors(args))


def huge_or_tiny_argument(op, args, line):
    """PyTorch's intermediate values overflow: zeta of a huge order is no number there, nor is the Airy function far to
    the left, nor K1 of what is not normal."""
    bounds = {"special.zeta": (0, 1e6), "special.airy_ai": (0, 1e9), "special.modified_bessel_k1": (1e-30, math.inf),
              "special.scaled_modified_bessel_k1": (1e-30, math.inf), "special.modified_bessel_k0": (1e-30, math.inf)}
    if op not in bounds:
        return False
    low, high = bounds[op]
    return any(v != 0 and not low <= abs(values.number(v)) < high for t in tensors(args) for v in t["data"] if v != "nan")


def fewer_than_no_dimensions(op, args, line):
    """The row of tensordot makes lists of dims of their number."""
    return op == "tensordot" and isinstance(args.get("dims"), int) and args["dims"] < 0


def bins_of_halves(op, args, line):
    """PyTorch finds bins in the precision of 16 bits, so that an edge may be on either side."""
    return op == "histc" and args["self"]["dtype"] in ("float16", "bfloat16")


def degenerate_matrix(op, args, line):
    """What LAPACK makes of matrices without full rank, or of infinity, is rounding."""
    return DECOMPOSED.match(op) is not None and (not finite(args) or expanded(args) or any(
        abs(values.number(v)) > 1e5 for t in tensors(args) for v in t["data"]))


NO_NUMBER = ("igamma", "igammac", "mode", "nn.functional.pdist", "cdist", "var_mean", "std_mean", "linalg.multi_dot",
             "copysign", "nn.functional.binary_cross_entropy_with_logits", "nn.functional.grid_sample",
             "nn.functional.instance_norm", "nn.functional.group_norm", "native_layer_norm",
             "nn.functional.conv_transpose1d", "nn.functional.conv_transpose2d", "nn.functional.conv_transpose3d")


def no_number(op, args, line):
    """igammac(NaN, inf) is 0 in PyTorch, mode takes each NaN for another value, distances of infinities are NaN,
    means depend on where an infinity stands, losses of logits subtract infinities, a sample at infinity has no place,
    and where a transposed convolution adds zeros times infinity is open."""
    return op in NO_NUMBER and not finite(args)


def negative_for_unsigned(op, args, line):
    """PyTorch's hardtanh wraps a bound of -1 to 255 for uint8."""
    return op == "nn.functional.hardtanh" and args["input"]["dtype"] == "uint8"


def ends_of_64_bits(op, args, line):
    """PyTorch counts the points of a range in doubles; xgrad counts them."""
    return op in ("arange", "linspace", "logspace", "full", "full_like", "new_full") and any(
        isinstance(v, int) and abs(v) >= 2**62 for v in args.values())


def half_of_infinity(op, args, line):
    """PyTorch's vector loop of gelu for 16-bit floats gives NaN for infinity; its scalar one does not."""
    return op == "nn.functional.gelu" and not finite(args)


EXCLUDED = (random_result, fault_of_pytorch, unstable_order, order_of_unsorted, huge_order, order_of_shared_memory, no_check_of_nothing, wrapped_index,
            no_kernel_for_mixed, one_point_of_bool, half_of_infinity, many_dimensions, huge_or_tiny_argument,
            fewer_than_no_dimensions,
            bins_of_halves, degenerate_matrix, no_number, negative_for_unsigned, ends_of_64_bits)

# --- results and gradients that are not compared ---

ORDER = ("sort", "topk", "kthvalue", "median", "nanmedian", "mode", "quantile", "nanquantile", "msort", "masked.median")
KINKS = ("relu6", "hardtanh", "selu", "elu", "celu", "hardswish", "hardshrink", "softshrink")


def forget_open_points(op, args, line, pointwise):
    if op in ORDER and not args.get("stable") and has_ties(args):  # which of several equal elements is meant
        line["outputs"][1:] = [None] * len(line["outputs"][1:])
        forget_gradients(line)
    if args.get("dim") == [] and op.startswith(("var", "std")):  # 2.15 forgets the count of elements
        forget_gradients(line)
    if op == "remainder" and not finite(args):  # of infinity, NaN there
        forget_gradients(line)
    if op.removeprefix("nn.functional.") in KINKS and not finite(args):  # NaN in the vector loop, not in the rest
        forget_gradients(line)
    if not pointwise and not finite(args):  # 0 times infinity, in one order or another
        forget_gradients(line)
    if op == "triangular_solve" and len(line.get("grad_outputs", ())) > 1 and not args["A"].get("requires_grad"):
        line["grad_outputs"][1] = None  # a copy of A, which nothing leads to
    if op == "segment_reduce" and has_ties(args):  # 2.15 divides positive gradients among equal extremes, and no others
        forget_gradients(line)
    if op in ("scatter_reduce", "block_diag") and expanded(args):  # a leaf whose gradients lie in one place, as it does
        forget_gradients(line)
    if LINALG.match(op) and any(not math.isfinite(values.number(v)) for t in line["outputs"]
                                if values.is_tensor(t) for v in t["data"]):  # a singular matrix has no derivative
        forget_gradients(line)


def forget_gradients(line):
    line.pop("grad_outputs", None)
    line.pop("grads", None)


def dangerous(op, args):
    return any(rule(op, args) for rule in DANGEROUS)


def excluded(op, args, line):
    return any(rule(op, args, line) for rule in EXCLUDED)
