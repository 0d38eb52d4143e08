"""Calls that PyTorch must not get: it ends, or reads and writes what does not belong to it."""
import re

import values
from arguments import empty, tensors


def segments_do_not_fit(op, args):
    """PyTorch reads past the data when the lengths of segments do not add up to it."""
    lengths = args.get("lengths") or args.get("offsets")
    if op != "segment_reduce" or not values.is_tensor(lengths):
        return False
    size, axis = args["data"]["shape"], args.get("axis", 0)
    rank, last = len(lengths["shape"]), (lengths["shape"] or [0])[-1]
    if axis not in (0, rank - 1) or rank > len(size) or rank == 0 or lengths["shape"][:-1] != size[:rank - 1] or last == 0:
        return True
    numbers = [values.number(v) for v in lengths["data"]]
    rows = [numbers[i:i + last] for i in range(0, len(numbers), last)]
    if "lengths" in args and args["lengths"] is not None:
        return any(sum(row) != size[rank - 1] or not min(row) >= 0 for row in rows)
    return any(row[0] != 0 or row[-1] != size[rank - 1] or row != sorted(row) for row in rows)


def pdist_of_less_than_two(op, args):
    """PyTorch's gradient of no distance ends the process."""
    return op == "nn.functional.pdist" and (empty(args) or any(t["shape"][:1] in ([0], [1]) for t in tensors(args)))


RECURRENT = re.compile(r"(lstm|gru|rnn_tanh|rnn_relu)(_cell)?$")
GATES = {"lstm": 4, "gru": 3}


def states_do_not_fit(op, args):
    """PyTorch's recurrent ops, other than its layers, look at no shape, and write where nothing is."""
    match = RECURRENT.match(op)
    if match is None or "input" not in args:
        return False
    if not 0 <= values.number(args.get("dropout", 0)) <= 1:
        return True
    gates = GATES.get(match.group(1), 1)
    x = args["input"]["shape"]
    states = [t["shape"] for t in tensors({"hx": args["hx"]})]
    if not x or not states or any(n == 0 for shape in [x, *states] for n in shape) or any(len(s) != len(x) for s in states):
        return True
    if match.group(2):
        hidden = states[0][-1]
        fit = [args["w_ih"]["shape"] == [gates * hidden, x[-1]], args["w_hh"]["shape"] == [gates * hidden, hidden],
               *(s == [*x[:-1], hidden] for s in states),
               *(args[b]["shape"] == [gates * hidden] for b in ("b_ih", "b_hh") if args.get(b) is not None)]
        return not all(fit)
    if len(x) != 3:
        return True
    hidden, directions, layers = states[0][-1], 2 if args.get("bidirectional") else 1, args.get("num_layers", 1)
    batch = x[0] if args.get("batch_first") else x[1]
    shapes = [t["shape"] for t in tensors({"params": args["params"]})]
    wanted = []
    for layer in range(max(layers, 0)):
        columns = x[2] if layer == 0 else directions * hidden
        for _ in range(directions):
            wanted += [[gates * hidden, columns], [gates * hidden, hidden]]
            wanted += [[gates * hidden]] * 2 if args.get("has_biases", True) else []
    return shapes != wanted or any(s != [layers * directions, batch, hidden] for s in states)


def channels_do_not_fit(op, args):
    """Nor does its native_batch_norm."""
    shape = args["input"]["shape"] if op == "native_batch_norm" else []
    return op == "native_batch_norm" and (len(shape) < 2 or any(
        t["shape"] != shape[1:2] for name, t in args.items() if values.is_tensor(t) and name != "input"))


def bags_of_nothing(op, args):
    """PyTorch reads outside of bags that have no elements, or that do not follow each other."""
    if op != "nn.functional.embedding_bag":
        return False
    offsets = (args.get("offsets") or {"data": [0]})["data"]
    return empty(args) or offsets != sorted(offsets) or offsets[-1] > len(args["input"]["data"])


def class_out_of_range(op, args):
    """PyTorch's ctc_loss looks at no class."""
    if op != "nn.functional.ctc_loss":
        return False
    classes = (args["log_probs"]["shape"] or [0])[-1]
    return any(not 0 <= v < classes for v in map(values.number, args["targets"]["data"]))


def too_many_combinations(op, args):
    """PyTorch makes them of a mask with as many dimensions, and takes minutes."""
    return op == "combinations" and args.get("r", 2) > 5


DANGEROUS = (segments_do_not_fit, pdist_of_less_than_two, states_do_not_fit, channels_do_not_fit, bags_of_nothing,
             class_out_of_range, too_many_combinations)


def dangerous(op, args):
    return any(rule(op, args) for rule in DANGEROUS)
