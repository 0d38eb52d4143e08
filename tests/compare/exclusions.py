"""What is not compared, and why: PyTorch leaves it open, gives other answers in its vector loop than in the rest of the
same tensor, reads memory that is not there, or is less strict than xgrad means to be. All of it stands in this file."""
import math
import re

import torch

import values
from arguments import empty, expanded, finite, half, has_ties, largest, tensors
from dangerous import RECURRENT


# --- calls that are not compared ---

DECOMPOSED = re.compile(r"linalg\.(?!.*norm|cross|multi)|cholesky|qr|logdet|triangular_solve")
LINALG = re.compile(r"linalg\.|cholesky|qr|logdet|triangular_solve")


def random_result(op, args, line):
    if RECURRENT.match(op):
        return bool(args.get("train")) and not values.number(args.get("dropout", 0)) in (0, 1)
    return "dropout" in op and args.get("training", True) and not values.number(args.get("p", 0.5)) in (0, 1)


def fault_of_pytorch(op, args, line):
    """A message about PyTorch's own insides for a call that is well formed, a tensor of negative size, or an argument
    that is overwritten."""
    if any(n < 0 for t in line.get("outputs", ()) if values.is_tensor(t) for n in t["shape"]):
        return True
    if op == "cov" and "args_after" in line:
        return True
    if op == "segment_reduce" and (args.get("lengths") or {}).get("strides"):  # read as if they had none
        return True
    if op == "cov" and args["self"]["shape"] == [] and "aweights" in args:  # one observation: float32, NaN; of vectors float64
        return True
    if op == "nn.functional.linear" and "mat2 must be a matrix" in line.get("error", "") and args["bias"]["shape"] == []:
        return True  # refused for an input of two dimensions alone, and computed for one and three
    if op == "kthvalue" and args["self"]["shape"] == [] and args["self"]["dtype"] == "bool":  # of vectors it is refused
        return True
    if op == "repeat_interleave" and args["self"]["shape"] == [] and re.search("but got 1|no dimensions", line.get("error", "")):
        return True
    if op.startswith("nn.functional.conv_transpose") and (0 in args["weight"]["shape"] or 0 in args["input"]["shape"] and "output_padding" in args):
        return True  # some layouts of no channels are refused, others are not; and a padding that is too large
    if op.startswith("nn.functional.conv_transpose") and half(args) and "error" not in line:
        strides = args.get("stride", 1)  # places between the kernels get no bias
        strides = strides if isinstance(strides, list) else [strides]
        if any(s > k for s, k in zip(strides * 3, args["weight"]["shape"][2:])):
            return True
    if re.fullmatch(r"nn\.functional\.conv\dd", op) and half(args) and "error" not in line and any(
            k > n for k, n in zip(args["weight"]["shape"][2:], args["input"]["shape"][-len(args["weight"]["shape"]) + 2:])):
        return True  # of kernels larger than the input some results are other than in float32
    if op in ("masked.cumsum", "masked.cumprod") and args["input"]["dtype"] == "bool":  # only of what needs no work
        return True
    own = (r"INTERNAL ASSERT|cannot reshape tensor of 0 elements|view size is not compatible|identity of \w+ on torch.bool|a view of a leaf Variable|"
           r"select\(\): index 0|input tensor must have at least one element")
    if op in ("logsumexp", "masked.logsumexp", "nn.functional.soft_margin_loss"):
        own += "|doesn't match the broadcast shape"
    return re.search(own, line.get("error", "")) is not None


def unstable_order(op, args, line):
    return op == "argsort" and not args.get("stable") and has_ties(args)


def order_of_unsorted(op, args, line):
    """topk may give the chosen in any order unless they are to be sorted; none of a number is the number in PyTorch."""
    return op == "topk" and (args.get("sorted") is False or args.get("k") == 0 and args["self"]["shape"] == [])


def last_of_several(op, args, line):
    """Which of several values that are put into one place stays there."""
    if op != "put" or args.get("accumulate") or "error" in line:
        return False
    places = [i % max(math.prod(args["self"]["shape"]), 1) for i in args["index"]["data"]]
    return len(set(places)) < len(places)


def huge_order(op, args, line):
    """Derivatives of polygamma of an order that no double holds; powers of matrices that overflow on the way."""
    return op == "polygamma" and args.get("n", 0) > 170 or op.endswith("matrix_power") and abs(args["n"]) > 1000


def order_of_shared_memory(op, args, line):
    """PyTorch sorts in place what several elements share, and returns values that were never there."""
    return op in ("median", "nanmedian", "kthvalue", "mode", "masked.median") and expanded(args)


LENIENT = ("native_layer_norm", "softmax", "log_softmax", "roll", "index_fill", "histogram", "histogramdd",
           "repeat_interleave", "trapezoid", "trapz", "addmv", "index_copy", "index_add", "bincount", "tile", "linalg.pinv",
           "addmm", "addbmm", "baddbmm", "tensordot",
           "native_batch_norm", "nn.functional.batch_norm", "nn.functional.instance_norm", "nn.functional.group_norm",
           "nn.functional.local_response_norm", "nn.functional.grid_sample", "nn.functional.multi_margin_loss",
           "nn.functional.multilabel_margin_loss", "nn.functional.pixel_unshuffle", "masked.cumsum", "masked.cumprod",
           "nn.functional.cross_entropy", "nn.functional.embedding", "nn.functional.conv1d", "nn.functional.conv2d",
           "nn.functional.conv3d", "nn.functional.softmin", "nn.functional.softmax", "nn.functional.log_softmax",
           "masked.softmin", "masked.softmax", "masked.log_softmax")


def no_check_of_nothing(op, args, line):
    """PyTorch returns before it looks at dims, indices or dtypes when there is no element."""
    if not empty(args) or "error" in line:
        return False
    low = any(t["dtype"] not in ("float32", "float64") for t in tensors(args))
    kinds = {t["dtype"] for t in tensors(args)}
    return (op in LENIENT
            or LINALG.match(op) is not None and low
            or op in ("bmm", "matmul", "mm", "addmm", "baddbmm", "addbmm", "mv", "addr", "inner", "dot",
                      "cdist") and len(kinds) > 1)


def no_check_of_empty_results(op, args, line):
    """Nor where the result has none."""
    if "error" in line or not all(0 in t["shape"] for t in line["outputs"] if values.is_tensor(t)):
        return False
    return op in ("linspace", "logspace", "tril_indices", "triu_indices", "__getitem__") or op.startswith(
        ("nn.functional.adaptive_avg_pool", "nn.functional.max_unpool"))


def nan_of_integers(op, args, line):
    """The median of no integer, and integers from what is not finite."""
    kinds = {t["dtype"] for t in line.get("outputs", ()) if values.is_tensor(t)}
    return (op in ("median", "nanmedian") and empty(args) or op in ("sum", "nansum") and not finite(args)) and not kinds & set(
        values.FLOATS)


def mask_of_a_number(op, args, line):
    """Python puts what a single truth value chooses; the op beneath it refuses that, and sizes of 1 in front of what
    is needed, which C++ takes as brackets do."""
    # An index without dimensions selects, as in brackets: what is put there is converted.
    if op == "index_put" and "source and destination dtypes match" in line.get("error", ""):
        return any(t["shape"] == [] and t["dtype"] not in ("bool", "uint8") for t in tensors({"i": args["indices"]}))
    return op == "index_put" and re.search("too many indices for tensor of dimension 0|value tensor of shape \\[1, ",
                                           line.get("error", "")) is not None


def wrapped_index(op, args, line):
    """PyTorch takes an index of take_along_dim modulo the size; xgrad refuses it."""
    if op != "take_along_dim" or "error" in line:
        return False
    sizes = args["self"]["shape"] or [1]
    size = sizes[args["dim"]] if args.get("dim") is not None else math.prod(sizes)
    return any(not 0 <= i < size for i in args["indices"]["data"])


def no_kernel_for_mixed(op, args, line):
    """PyTorch's cross, cdist and einsum ask nobody about dtypes, and the kernel then stumbles over them."""
    mixed = len({t["dtype"] for t in tensors(args)}) > 1
    return mixed and (op in ("cross", "linalg.cross") or op in ("einsum", "cdist") and ("error" in line or empty(args)))


MIXED = re.compile(r"nn\.functional\.(conv|instance_norm$|linear$)|linalg\.solve_triangular$|(lstm|gru|rnn_tanh|rnn_relu)$")


def dtype_of_bias(op, args, line):
    """Where it does not call oneDNN, PyTorch adds a bias of any dtype, and so it does with weights and statistics."""
    return MIXED.match(op) is not None and "error" not in line and len({t["dtype"] for t in tensors(args)}) > 1


def other_integers_as_index(op, args, line):
    """PyTorch's embedding_bag asks for int64 or int32 only in some of its loops."""
    return op == "nn.functional.embedding_bag" and args["input"]["dtype"] not in ("int64", "int32")


def last_offset_before_the_end(op, args, line):
    """PyTorch's last bag goes on to the end of input, wherever the last offset says that it ends."""
    return op == "nn.functional.embedding_bag" and args.get("include_last_offset", False)


def bytes_that_wrap(op, args, line):
    """What PyTorch computes in the dtype of integers: -1 is 255, an average is cut, a margin too."""
    kinds = {t["dtype"] for t in tensors(args)}
    if op == "nn.functional.hinge_embedding_loss":
        return args["input"]["dtype"] not in values.FLOATS and not isinstance(args.get("margin", 1.0), int)
    if op.startswith("nn.functional.lp_pool"):
        return not kinds & set(values.FLOATS)
    if op == "einsum":  # a size of 1 is left out before it is added up
        return not kinds & set(values.FLOATS) and any(1 in t["shape"] for t in tensors(args))
    if op == "gradient":  # the distances of coordinates
        return any(t["dtype"] not in values.FLOATS for t in tensors({"spacing": args.get("spacing")}))
    if op == "atan2":  # the squares that its derivative divides by
        return "uint8" in kinds or largest({n: t for n, t in args.items() if t["dtype"] not in values.FLOATS}) > 1e4
    if op == "nn.functional.binary_cross_entropy_with_logits":  # pos_weight - 1
        return any(t["dtype"] == "uint8" for t in tensors({"pos_weight": args.get("pos_weight")}))
    if "igamma" in op or "gammainc" in op:  # self - 1 in the derivative
        return "uint8" in kinds
    return op in ("nn.functional.margin_ranking_loss", "special.zeta") and "uint8" in kinds


def fixed_point_images(op, args, line):
    """PyTorch resizes bytes with weights of 15 bits."""
    return op == "nn.functional.interpolate" and args["input"]["dtype"] == "uint8"


def batches_of_batches(op, args, line):
    """PyTorch takes a size of 1 as the mean over what dimensions there are, and compares batches of lstsq as if b were
    vectors."""
    if op == "linalg.lstsq":
        return "must match the size of tensor b" in line.get("error", "")
    dims = {"nn.functional.adaptive_avg_pool2d": (3, 4), "nn.functional.adaptive_avg_pool3d": (4, 5)}.get(op)
    return dims is not None and len(args["input"]["shape"]) not in dims and "error" not in line


def pads_that_are_forgotten(op, args, line):
    """PyTorch's avg_pool3d compares the kernel with the input as it is without its padding, and replicate and circular
    take values that a negative padding took away."""
    if op == "nn.functional.pad":
        return args.get("mode") in ("replicate", "circular") and min(args["pad"], default=0) < 0
    return op == "nn.functional.avg_pool3d" and "smaller than kernel size" in line.get("error", "")


def strict_arguments(op, args, line):
    """What xgrad refuses since it makes no sense: a smoothing that takes away, strides beyond all memory, kernels
    without a point."""
    if op == "nn.functional.ctc_loss":  # classes that are floating-point
        return args["targets"]["dtype"] in values.FLOATS
    if op.startswith("nn.functional.adaptive_avg_pool") and "error" not in line:  # the mean of no pixel, which other sizes and dims refuse
        return 0 in next(iter(tensors(args)))["shape"][1:]
    if op.startswith(("nn.functional.interpolate", "nn.functional.upsample")) and "error" not in line:
        return any(0 in t["shape"][2:] for t in line["outputs"])
    if op == "nn.functional.pad" and args.get("mode", "constant") != "constant" and "error" not in line:
        sizes = args["self"]["shape"]  # all of a dimension cut off, and a margin of what was there
        return any(-p >= sizes[len(sizes) - 1 - i // 2] for i, p in enumerate(args["pad"]))
    if op.startswith("nn.functional.conv") and 0 in args["weight"]["shape"][2:]:  # kernels of no point
        return True
    if op == "nn.functional.cross_entropy":
        mixed = args.get("weight") is not None and args["weight"]["dtype"] != args["input"]["dtype"]
        return mixed and "error" not in line or not 0 <= values.number(args.get("label_smoothing", 0)) <= 1
    if op == "gradient" and tensors({"spacing": args.get("spacing")}):  # some other number of coordinates
        return "error" not in line and not all(t["shape"] in [[n] for n in args["self"]["shape"]]
                                               for t in tensors({"spacing": args["spacing"]}))
    if op.endswith("batch_norm") and "error" not in line:  # a number for a vector, statistics of integers
        statistics = tensors({name: args.get(name) for name in ("running_mean", "running_var")})
        return any(t["dtype"] not in values.FLOATS for t in statistics) or any(args.get(name) is not None and args[name]["shape"] == [] for name in ("weight", "bias"))
    if op == "masked.prod" and isinstance(args.get("dim"), list):  # a dim twice, once counted from the end
        sizes = len(args["input"]["shape"]) or 1
        return "error" not in line and len({d % sizes for d in args["dim"]}) != len(args["dim"])
    if op == "nn.functional.poisson_nll_loss":  # Stirling's formula or the exponentials of integers, in float
        kinds = {t["dtype"] for t in tensors(args)}
        return bool(args.get("full")) and args["target"]["dtype"] not in values.FLOATS or "float64" in kinds and (
            args["input"]["dtype"] not in values.FLOATS)
    if op.startswith("nn.functional.max_unpool") and "error" not in line:  # margins and windows that are negative
        sizes = [args.get(name) for name in ("kernel_size", "padding")]
        if any(v < 0 for a in sizes for v in (a if isinstance(a, list) else [a]) if isinstance(v, int)):
            return True
    if op in ("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"):  # a state of integers
        return len({t["dtype"] for t in tensors(args)}) > 1
    if op in ("trapezoid", "trapz", "cumulative_trapezoid") and args.get("x") is not None:
        return len(args["x"]["shape"]) > len(args["y"]["shape"]) or args["x"]["shape"] == []
    numbers = [v for a in args.values() for v in (a if isinstance(a, list) else [a]) if isinstance(v, int)]
    return re.search(r"\.(un)?fold$|max_(un)?pool|\.conv", op) is not None and any(abs(v) >= 2**31 for v in numbers)


def one_size_for_all(op, args, line):
    """A single size or factor is a list of one in C++, and a list has a number for each dimension."""
    if op == "nn.functional.max_unpool1d":
        return any(isinstance(args.get(name), list) and len(args[name]) > 1 for name in ("kernel_size", "stride", "padding"))
    if op in ("nn.functional.max_unpool2d", "nn.functional.unfold"):
        return any(isinstance(args.get(name), list) and len(args[name]) != 2 for name in ("stride", "padding"))
    return op.startswith(("nn.functional.interpolate", "nn.functional.upsample")) and (
        "must have the same number of spatial dimensions" in line.get("error", ""))


def nothing_varies(op, args, line):
    """The correlation with what is constant is 0 divided by 0, or rounding by rounding; so is its norm."""
    return op == "corrcoef" and expanded(args) or op.endswith(("layer_norm", "batch_norm", "instance_norm", "group_norm")) and (
        len(set(args["input"]["data"])) == 1 or expanded({"input": args["input"]}))


def senseless_numbers(op, args, line):
    """Points infinitely far apart, a threshold that is no number, an infinite factor, a norm of no order."""
    if op in ("logspace", "linalg.norm", "linalg.vector_norm") and "nan" in (args.get("ord"), args.get("base")):
        return True
    if op == "logspace":
        return not math.isfinite(values.number(args.get("base", 10)))
    if args.get("margin") == "nan" or op == "nn.functional.celu" and not math.isfinite(values.number(args.get("alpha", 1))):
        return True
    if op == "nn.functional.multi_margin_loss":  # an infinite weight of what is within the margin
        return not finite({"weight": args.get("weight")})
    if op.endswith("triplet_margin_loss"):  # one of the distances in float32, the other in float64
        if len({t["dtype"] == "float64" for t in tensors(args)}) == 2 and args["anchor"]["dtype"] != "float64":
            return True
    if op.endswith(("triplet_margin_loss", "pairwise_distance")) and half(args):
        return not abs(values.number(args.get("p", 2))) < 50
    if op in ("dist", "renorm", "masked.norm", "masked.normalize", "nn.functional.normalize"):
        return not abs(values.number(args.get("p", args.get("ord")) or 0)) < 50
    if op in ("nn.functional.threshold", "nn.functional.hardtanh") and args["input"]["dtype"] not in values.FLOATS:
        return not finite(args)
    if op == "cov":
        return abs(args.get("correction", 1)) > 2**31
    if op == "gradient":
        spacing = args.get("spacing")
        steps = spacing if isinstance(spacing, list) else [spacing]
        return not finite({"self": args["self"]}) or any(v in ("nan", "inf", "-inf", 0) for v in steps)
    if op == "nn.functional.softplus":
        return args.get("threshold") == "nan"
    if op not in ("addbmm", "baddbmm", "addmm", "addmv", "addr"):
        return False
    # Whether 0 times infinity counts differs from dtype to dtype.
    return not finite({name: args.get(name) for name in ("alpha", "beta")}) or args.get("alpha") == 0 and not finite(args)


def nan_without_sign(op, args, line):
    """The sign of what is no number, which is not recorded; where such rows stand among sorted ones."""
    return not finite(args) and "nan" in [v for t in tensors(args) for v in t["data"]] and (
        op == "signbit" or op.startswith("unique") and args.get("dim") is not None)


def quotient_of_halves(op, args, line):
    """PyTorch rounds a quotient to 16 bits before it cuts it: 2.993 is 3."""
    return op == "div" and args.get("rounding_mode") == "trunc" and half(args)


def poles(op, args, line):
    """PyTorch's reflection of polygamma gives large numbers in place of the infinity at a whole number, and others near it."""
    points = [values.number(v) for v in args["self"]["data"]] if op == "polygamma" else []
    return any(v <= 0 and (math.isinf(v) or abs(v - round(v)) < 1e-3) for v in points)


def orders_of_many_digits(op, args, line):
    """PyTorch takes the cosine of n angles in float32, which has no digits left behind the point; what is rounded in
    each of very many steps."""
    n = args.get("n", 0)
    orders = n["data"] if values.is_tensor(n) else [n]
    if "laguerre" in op:  # a recurrence of a million steps
        return any(abs(values.number(v)) >= 1e5 for v in orders)
    return "chebyshev" in op and any(abs(values.number(v)) >= 100 for v in orders)


def one_point_of_bool(op, args, line):
    """PyTorch has linspace and logspace for bool only when there is a single point."""
    return op in ("linspace", "logspace") and args.get("dtype") == "bool"


def many_dimensions(op, args, line):
    """xgrad has tensors of up to 64 dimensions."""
    return any(len(t["shape"]) > 64 for t in tensors(args))


def huge_or_tiny_argument(op, args, line):
    """PyTorch's intermediate values overflow: zeta of a huge order is no number there, nor is the Airy function far to
    the left, nor K1 of what is not normal."""
    if op == "ldexp" and args["other"]["dtype"] == "int64":  # 2 to an exponent that no int holds
        return any(abs(v) >= 2**31 for v in args["other"]["data"])
    if "bessel_y" in op or "bessel_j" in op:  # the cosine of a float32 without a digit left behind the point
        return any(t["dtype"] != "float64" and abs(values.number(v)) > 1e4 for t in tensors(args) for v in t["data"])
    if "_polynomial_" in op:  # a difference of infinities
        return any(v in ("nan", "inf", "-inf") for t in line.get("outputs", ()) for v in t["data"])
    if op == "special.ndtr":  # of integers, 1 + erf far to the left
        return args["self"]["dtype"] not in values.FLOATS and any(v < -2 for v in args["self"]["data"])
    if op == "nn.functional.gelu":  # twice the result
        return any(t["dtype"] != "float64" and 1.6e38 < abs(values.number(v)) < math.inf for t in tensors(args) for v in t["data"])
    if op == "repeat":  # of nothing, in numbers of which the product overflows
        return abs(math.prod(n for n in args["repeats"] if n)) * math.prod(args["self"]["shape"]) >= 2**63
    if op == "addbmm" and half(args):  # one product after the other, rounded to infinity
        return abs(values.number(args.get("alpha", 1))) > 1e4
    if op == "remainder":  # in the vector loop
        other = args["other"]["data"] if values.is_tensor(args["other"]) else [args["other"]]
        return any(0 < abs(d) < 1 and largest(args) > 1e308 * abs(d) for d in map(values.number, other))
    if op == "special.airy_ai":  # as for Bessel's functions
        return any(abs(values.number(v)) > (1e9 if t["dtype"] == "float64" else 100) for t in tensors(args) for v in t["data"])
    bounds = {"special.zeta": (0, 1e6), "special.modified_bessel_k1": (1e-30, math.inf),
              "special.scaled_modified_bessel_k1": (1e-30, math.inf), "special.modified_bessel_k0": (1e-30, math.inf)}
    if op not in bounds:
        return False
    low, high = bounds[op]
    return any(v != 0 and not low <= abs(values.number(v)) < high for t in tensors(args) for v in t["data"] if v != "nan")


def fewer_than_no_dimensions(op, args, line):
    """The row of tensordot makes two lists of dims of their number, or takes two of many."""
    dims = args.get("dims")
    return op == "tensordot" and (dims < 0 if isinstance(dims, int) else isinstance(dims, list) and len(dims) > 2)


def bins_of_halves(op, args, line):
    """PyTorch finds bins in the precision of 16 bits, so that an edge may be on either side."""
    return op == "histc" and args["self"]["dtype"] in ("float16", "bfloat16")


def degenerate_matrix(op, args, line):
    """What LAPACK makes of matrices without full rank, or of infinity, is rounding."""
    if DECOMPOSED.match(op) is None and not (op in ("linalg.norm", "linalg.matrix_norm") and args.get("ord") in (2, -2, "nuc")):
        return False
    return not finite(args) or expanded(args) or any(
        abs(values.number(v)) > 1e5 for t in tensors(args) for v in t["data"]) or any(
            ill_conditioned(t, args.get("hermitian") or False) for t in tensors(args))


def ill_conditioned(tensor, hermitian=False):
    if len(tensor["shape"]) < 2 or 0 in tensor["shape"]:
        return False
    matrix = values.build({**tensor, "requires_grad": False}).double()
    if hermitian and matrix.shape[-1] == matrix.shape[-2]:  # only one triangle is read
        matrix = matrix.tril() + matrix.tril(-1).mT
    s = torch.linalg.svdvals(matrix)
    return bool((s[..., -1] < (1e-2 if tensor["dtype"] == "float32" else 1e-6) * s[..., 0]).any())


NO_NUMBER = ("einsum", "igamma", "igammac", "mode", "nn.functional.pdist", "cdist", "var_mean", "std_mean",
             "linalg.multi_dot", "copysign", "nn.functional.binary_cross_entropy_with_logits", "nn.functional.grid_sample",
             "nn.functional.instance_norm", "nn.functional.group_norm", "native_layer_norm",
             "nn.functional.batch_norm", "native_batch_norm", "nn.functional.cross_entropy", "nn.functional.ctc_loss",
             "nn.functional.upsample_bilinear", "nn.functional.interpolate", "nn.functional.conv1d",
             "nn.functional.conv2d", "nn.functional.conv3d",
             "nn.functional.conv_transpose1d", "nn.functional.conv_transpose2d", "nn.functional.conv_transpose3d")


def no_number(op, args, line):
    """igammac(NaN, inf) is 0 in PyTorch, mode takes each NaN for another value, distances of infinities are NaN,
    means depend on where an infinity stands, losses of logits subtract infinities, a sample at infinity has no place,
    resized images have infinity times 0, and where a convolution adds zeros times infinity is open."""
    if op in ("bmm", "baddbmm") and half(args):  # 2.15's bfloat16 has NaN in places that no infinity reaches
        return not finite(args)
    recurrent = RECURRENT.match(op) is not None and largest(args) > 1e5
    return (op in NO_NUMBER or RECURRENT.match(op) is not None) and not finite(args) or recurrent


def negative_for_unsigned(op, args, line):
    """PyTorch wraps a bound of -1 to 255 for uint8, and refuses -0.4."""
    return op in ("nn.functional.hardtanh", "nn.functional.threshold") and args["input"]["dtype"] == "uint8"


def ends_of_64_bits(op, args, line):
    """PyTorch counts the points of a range in doubles; xgrad counts them."""
    return op in ("arange", "linspace", "logspace", "full", "full_like", "new_full", "tril_indices", "triu_indices") and any(
        isinstance(v, int) and abs(v) >= 2**62 for v in args.values())


def half_of_infinity(op, args, line):
    """PyTorch's vector loop of gelu for 16-bit floats gives NaN for infinity; its scalar one does not. The maximum of a
    bag forgets a NaN. The root of -inf in float16 is one of pow, and a power that float16 does not hold is infinity on the way
    back."""
    if op.startswith("nn.functional.lp_pool") and half(args):
        return not finite(args) or not finite({"outputs": line.get("outputs", [])})
    return (op == "nn.functional.gelu" or op == "nn.functional.embedding_bag" and args.get("mode") == "max") and not finite(args)


def rounded_on_the_way(op, args, line):
    """In 16 bits PyTorch rounds coordinates, each of the 16 terms of a bicubic sample, and the mean of a set before it is taken
    away."""
    if not half(args) or "error" in line:
        return False
    if op.endswith("hardshrink"):  # the threshold itself
        limit = values.number(args.get("lambd", 0.5))
        return any(abs(abs(values.number(v)) - limit) <= 0.01 * limit for v in args["self"]["data"])
    if op == "nansum":
        return len(args["self"]["data"]) > 100
    if op in ("prod", "masked.prod"):  # products that are infinite, or would be on the way
        return any(v in ("inf", "-inf") for t in line["outputs"] for v in t["data"])
    far = any(n > 8 for n in args["input"]["shape"][2:]) if op == "nn.functional.grid_sample" else False  # a coordinate
    return far or op == "nn.functional.grid_sample" and args.get("mode") in ("nearest", "bicubic") or few_in_a_set(op, args)


def shared_parameters(op, args, line):
    """PyTorch changes in place what several elements share, and native_batch_norm reads it as memory without gaps."""
    if op == "native_batch_norm" and any(t.get("strides", [1]) != [1] for n, t in args.items()
                                         if values.is_tensor(t) and n != "input"):
        return True
    return op in ("native_batch_norm", "nn.functional.batch_norm", "nn.functional.embedding",
                  "nn.functional.embedding_bag") and any(
        expanded({name: t}) for name, t in args.items() if values.is_tensor(t) and name != "input")


def overflow_of_exp(op, args, line):
    """PyTorch's soft_margin_loss is log(1 + e^x) as it is written, with a class of 255 for the opposite of a byte's 1;
    erfcx' is 2 x erfcx(x), log_ndtr' an exponential."""
    if op == "nn.functional.soft_margin_loss" and args["target"]["dtype"] == "uint8":
        return True
    limit = {"nn.functional.soft_margin_loss": 3, "special.erfcx": 1e150, "special.log_ndtr": 1e18}.get(op)
    return limit is not None and largest(args) > limit


EXCLUDED = (random_result, fault_of_pytorch, unstable_order, order_of_unsorted, last_of_several, huge_order, order_of_shared_memory,
            no_check_of_nothing, no_check_of_empty_results, nan_of_integers, nan_without_sign, mask_of_a_number, wrapped_index,
            no_kernel_for_mixed, dtype_of_bias, other_integers_as_index, last_offset_before_the_end, bytes_that_wrap,
            fixed_point_images, batches_of_batches, pads_that_are_forgotten, strict_arguments, one_size_for_all,
            nothing_varies, senseless_numbers, quotient_of_halves, poles, orders_of_many_digits, one_point_of_bool,
            half_of_infinity, rounded_on_the_way, many_dimensions, huge_or_tiny_argument, fewer_than_no_dimensions, bins_of_halves,
            degenerate_matrix, no_number, negative_for_unsigned, ends_of_64_bits, shared_parameters, overflow_of_exp)

# --- results and gradients that are not compared ---

ORDER = ("sort", "topk", "kthvalue", "median", "nanmedian", "mode", "quantile", "nanquantile", "msort", "masked.median")
ROUNDED = ("addcdiv", "corrcoef", "digamma", "polygamma", "grid_sample", "group_norm", "layer_norm", "instance_norm",
           "batch_norm", "normalize", "pairwise_distance", "softshrink", "rnn_relu", "rnn_relu_cell", "sinc", "native_layer_norm",
           "native_batch_norm", "cosine_similarity")
KINKS = ("relu6", "hardtanh", "selu", "elu", "celu", "hardswish", "hardshrink", "softshrink")


def lowest_integer(dtype):
    if dtype in values.FLOATS:
        return ()
    return (0,) if dtype == "uint8" else (-(1 << (int(dtype.removeprefix("int")) - 1)),)


def forget_open_points(op, args, line, pointwise):
    if op.startswith("nn.functional.conv_transpose") and half(args) and (args["weight"].get("strides") or any(
            k > n for k, n in zip(args["weight"]["shape"][2:], args["input"]["shape"][-len(args["weight"]["shape"]) + 2:]))):
        forget_gradients(line)  # of weights with gaps or larger than the input 2.15 gives other numbers in bfloat16 than in float32
    if op in ("gradient", "igamma", "igammac") and half(args) or op == "atan2" and any(t["dtype"] not in values.FLOATS for t in tensors(args)):
        forget_gradients(line)  # rounded on the way; squares of integers that wrap around
    if op == "ldexp" and (largest(args) > 1000 or any(v in ("inf", "-inf") for t in line.get("outputs", ()) for v in t["data"])):
        forget_gradients(line)  # infinities that are summed before or after
    if op in ("nn.functional.interpolate", "nn.functional.upsample_nearest") and line.get("outputs", [{}])[0].get("shape") == args["input"]["shape"]:
        forget_gradients(line)  # those of the identity, although a factor moved all
    if op.endswith(("group_norm", "layer_norm", "instance_norm", "batch_norm")) and nearly_equal(args["input"]):
        forget_gradients(line)
    if op == "unique" and str(args.get("input", args.get("self"))["data"]).count("nan") > 1:  # each is another
        line["outputs"][1:] = [None] * len(line["outputs"][1:])
    if op in ORDER and not args.get("stable") and has_ties(args):  # which of several equal elements is meant
        line["outputs"][1:] = [None] * len(line["outputs"][1:])
        forget_gradients(line)
    # 2.15 forgets the count of elements; and without any freedom all dims by name are another case than none.
    if op.startswith(("var", "std")) and (args.get("dim") == [] or args.get("dim") is not None and values.number(
            args.get("correction") or 0) >= math.prod(args["self"]["shape"])):
        forget_gradients(line)
    if op.removeprefix("masked.").startswith("std") and any(  # of equal values: what rounding leaves, divided by itself
            abs(values.number(v)) < (1e-14 if t["dtype"] == "float64" else 1e-6) * largest(args)
            for t in line.get("outputs", ())[:1] for v in t["data"]):
        forget_gradients(line)
    if op in ("trapz", "trapezoid") and largest(args) > 1e5:  # terms that cancel
        line["outputs"][:] = [None] * len(line["outputs"])
        forget_gradients(line)
    if op == "sinc" and any(0 < abs(values.number(v)) < 0.01 for v in args["self"]["data"] if args["self"]["dtype"] == "float32"):
        forget_gradients(line)  # a difference of cosine and sine without digits
    if op == "reciprocal" and half(args) or op.endswith("triplet_margin_loss") and half(args) and args.get("p", 2) not in (1, 2):
        forget_gradients(line)  # squares and powers beyond 16 bits on the way
    if op == "fmod" and half(args):  # as quotient_of_halves
        forget_gradients(line)
    if RECURRENT.match(op) and half(args) and largest(args) > 8:  # where 1 - y^2 has few digits left
        forget_gradients(line)
    if op == "remainder" and not finite(args):  # of infinity, NaN there
        forget_gradients(line)
    if op.removeprefix("nn.functional.") in KINKS and not finite(args):  # NaN in the vector loop, not in the rest
        forget_gradients(line)
    if not pointwise and not finite(args):  # 0 times infinity, in one order or another
        forget_gradients(line)
    # Formed of values that were rounded to 16 bits, or in the precision of the argument where terms cancel.
    if few_in_a_set(op, args) or op in ("addcmul", "addcdiv") and any(t["dtype"] not in values.FLOATS for t in tensors(args)):
        forget_gradients(line)
    if half(args) and (op in ROUNDED or op.removeprefix("nn.functional.") in ROUNDED):
        forget_gradients(line)
    if op in ("digamma", "polygamma") and any(values.number(v) < 0 for v in args["self"]["data"]):
        forget_gradients(line)
    if op == "logit" and any(values.number(v) == 0 for v in args["self"]["data"]):  # the sign of the infinity at -0
        forget_gradients(line)
    # Of a single image with its channels last, PyTorch takes another sum than of the same image row by row.
    # Of weights and statistics with gaps it reads others in the derivative.
    if op == "nn.functional.batch_norm" and any((args.get(name) or {}).get("strides", [1]) != [1] for name in (
            ("weight",) if args.get("training") else ("input", "weight", "running_mean", "running_var"))):
        forget_gradients(line)
    if op in ("linalg.norm", "linalg.vector_norm", "norm") and half(args) and (
            args.get("ord", args.get("p")) not in (None, 1, 2, 3, "inf", "fro", "nuc")):
        forget_gradients(line)  # powers beyond 16 bits on the way
    if op == "nn.functional.cosine_similarity" and args["x1"]["shape"] != args["x2"]["shape"]:
        forget_gradients(line)  # of a number that stands for all along dim: what rounding leaves of 0
    if op == "nn.functional.normalize" and 1 in args["input"]["shape"]:  # 1 and -1, whatever they are
        forget_gradients(line)
    if op == "ldexp" and not finite(args):
        forget_gradients(line)
    if op == "copysign" and any(v in ("inf", "-inf") for t in line.get("outputs", ()) for v in t["data"]):
        forget_gradients(line)  # the quotient of result and argument
    if op == "square" and half(args) and largest(args) > 1e4:
        forget_gradients(line)
    if op == "block_diag" and any(t["shape"] == [0] for t in tensors(args)):  # a row of nothing, which it forgets
        forget_gradients(line)
    if op == "frexp" and any(0 < abs(values.number(v)) < 1e-30 for v in args["self"]["data"]):
        forget_gradients(line)
    if op == "nn.functional.ctc_loss" and any(  # of an infinite loss: no number there, 0 here; of probabilities
            # that are none: rounding by rounding
            not math.isfinite(values.number(v)) or abs(values.number(v)) > 1e4
            for v in line["outputs"][0]["data"] + args["log_probs"]["data"]):
        forget_gradients(line)
    if op == "nn.functional.embedding_bag" and args.get("mode") == "max" and has_ties({"weight": args["weight"]}):
        forget_gradients(line)
    if op.startswith("nn.functional.max_pool") and any(  # of windows that hold nothing but padding
            v in ("-inf", *lowest_integer(line["outputs"][0]["dtype"])) for v in line["outputs"][0]["data"]):
        line["outputs"][1:] = [None] * len(line["outputs"][1:])
        forget_gradients(line)
    # The nuclear norm and that of the smallest one leave open what the vectors of a singular value of 0 are.
    if op in ("linalg.norm", "linalg.matrix_norm") and args.get("ord") in ("nuc", -2) and any(map(ill_conditioned, tensors(args))):
        forget_gradients(line)
    if op == "triangular_solve" and len(line.get("grad_outputs", ())) > 1 and not args["A"].get("requires_grad"):
        line["grad_outputs"][1] = None  # a copy of A, which nothing leads to
    if op == "segment_reduce" and has_ties(args):  # 2.15 divides positive gradients among equal extremes, and no others
        forget_gradients(line)
    if op in ("scatter_reduce", "block_diag") and expanded(args):  # a leaf whose gradients lie in one place, as it does
        forget_gradients(line)
    if op == "scatter_reduce" and args.get("include_self") is False and set(args["self"]["data"]) & set(args["src"]["data"]):
        forget_gradients(line)  # 2.15 divides them with an equal value of self, which does not count
    if op == "scatter_reduce" and args["index"]["shape"] != args["src"]["shape"]:  # 2.15 broadcasts one to the other
        forget_gradients(line)
    if LINALG.match(op) and any(not math.isfinite(values.number(v)) for t in line["outputs"]
                                if values.is_tensor(t) for v in t["data"]):  # a singular matrix has no derivative
        forget_gradients(line)


def nearly_equal(x):
    numbers = [v for v in map(values.number, x["data"]) if math.isfinite(v)]
    return bool(numbers) and max(numbers) - min(numbers) < 0.1 * max(map(abs, numbers))


def few_in_a_set(op, args):
    """What is normalised over two or three elements is 1 and -1, whatever they are: its gradient is what rounding leaves."""
    if not op.endswith(("group_norm", "layer_norm", "instance_norm", "batch_norm")):
        return False
    x = args["input"]["shape"]
    if op.endswith("layer_norm"):
        return math.prod(args["normalized_shape"]) <= 3
    per_channel = math.prod(x[2:])
    if op.endswith("batch_norm"):
        return x[0] * per_channel <= 3
    return per_channel * (x[1] // args["num_groups"] if op.endswith("group_norm") else 1) <= 3


def forget_gradients(line):
    line.pop("grad_outputs", None)
    line.pop("grads", None)


def excluded(op, args, line):
    return any(rule(op, args, line) for rule in EXCLUDED)
