#!/usr/bin/env python3
"""What Python's users would use: torch.load and pandas for the rows about files, PyTorch for layers and networks.

Answers bench/compare line by line as the other programs do. A row whose package is missing is absent.
"""
import importlib
import io
import sys
import tempfile
import time

from peer_numbers import values

THREADS = int(sys.argv[2])
CLOCK = time.process_time_ns if THREADS == 1 else time.monotonic_ns
CSV_ROWS, FILE_TENSORS, FILE_SIDE = 100000, 64, 512  # as in files.h


def csv_of_numbers():
    table = values(CSV_ROWS * 8, 1, 100).reshape(-1, 8)
    lines = [",".join(f"{v:.6f}" for v in row) for row in table.tolist()]
    return ",".join(map(str, range(8))) + "\n" + "\n".join(lines) + "\n"


def csv_of_everything():
    words = ("oak", "birch", "norway maple", "elm", "hornbeam")
    text = io.StringIO()
    text.write("id,height,girth,age,tree,alive\n")
    for i, (a, b, c, d) in enumerate(values(4 * CSV_ROWS, 2, 50).reshape(-1, 4).tolist()):
        text.write(f"{i},{a:.3f},{b:.3f},{int(c)},{words[int((d + 50) / 20)]},{d < 0}\n")
    return text.getvalue()


def read_csv(content):
    pandas = importlib.import_module("pandas")
    file = tempfile.NamedTemporaryFile("w", suffix=".csv")
    file.write(content())
    file.flush()

    def step():
        return pandas.read_csv(file.name, engine="c")

    return step, lambda table: table.select_dtypes(["number", "bool"]).to_numpy("float32")


def load_weights(count, side):
    torch = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    file = tempfile.NamedTemporaryFile(suffix=".pt")
    first = torch.from_numpy(values(side * side, 1)).view(side, side)
    torch.save([first * (i + 1) for i in range(count)], file.name)

    def step():
        return torch.load(file.name, weights_only=True)

    return step, lambda read: read[-1].numpy()


ROWS = {
    "load 64 MB of weights": lambda: load_weights(FILE_TENSORS, FILE_SIDE),
    "load 1000 small weights, per tensor": lambda: load_weights(1000, 8),
    "read_csv of 100,000 rows of 8 numbers": lambda: read_csv(csv_of_numbers),
    "read_csv of 100,000 rows of numbers, words and truths": lambda: read_csv(csv_of_everything),
}


def network(name):
    torch = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    return importlib.import_module("peer_networks").ROWS[name](), lambda result: result.detach().numpy()


def digest(array):
    """Digest::of in harness.cpp."""
    import numpy
    flat = array.reshape(-1).astype("float64")
    weight = 1 + numpy.arange(flat.size) % 13
    picked = [flat[(k * 7919 * 65537 + k) % flat.size] for k in range(31)]
    return [(flat * weight).sum(), (abs(flat) * weight).sum(), abs(flat).mean(), *picked]


def measure(step, seconds):
    """Nanoseconds per step: the median of as many as fit, as RepeatedRun takes it."""
    samples, start = [], CLOCK()
    while not samples or CLOCK() - start < seconds * 1e9:
        before = CLOCK()
        step()
        samples.append(CLOCK() - before)
    return sorted(samples)[len(samples) // 2]


def main():
    step = None
    for line in sys.stdin:
        command, _, argument = line.rstrip("\n").partition(" ")
        if command == "list":
            print("end", flush=True)
        elif command == "prepare":
            try:
                step, numbers = ROWS[argument]() if argument in ROWS else network(argument)
                step(), step()
                print("digest", *digest(numbers(step())), flush=True)
            except (KeyError, ImportError):
                print("absent", flush=True)
        elif command == "run":
            print("took", measure(step, float(argument)), flush=True)


if __name__ == "__main__":
    main()
