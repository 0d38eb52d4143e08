#!/usr/bin/env python3
"""Files go from PyTorch and NumPy to xgrad and back. interop.py PROGRAM, with a Python that has PyTorch; see ./dev interop."""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "data"))
from make import values  # noqa: E402

RECENT = tuple(int(n) for n in torch.__version__.split(".")[:2]) >= (1, 13)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(3, 4)
        self.norm = torch.nn.BatchNorm1d(4)
        self.layers = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.ReLU())
        self.gain = torch.nn.Parameter(torch.arange(2.0))

    def forward(self, x):
        return self.layers(self.norm(self.fc1(x))) * self.gain


def load(path):
    return torch.load(path, weights_only=True) if RECENT else torch.load(path)


def same(a, b, where, exact=True):
    """What of two values differs, as a list of places. Sets, sizes and dtypes come back as lists and numbers."""
    if isinstance(a, torch.Tensor):
        good = isinstance(b, torch.Tensor) and a.dtype == b.dtype and a.shape == b.shape
        good = good and a.stride() == b.stride() and a.requires_grad == b.requires_grad
        good = good and (torch.equal(a, b) if exact else torch.allclose(a, b, rtol=1e-4, atol=1e-4))
        return [] if good else [where]
    if isinstance(a, dict):
        if not isinstance(b, dict) or list(a) != list(b):
            return [f"{where}: keys"]
        return [w for k in a for w in same(a[k], b[k], f"{where}.{k}", exact)]
    if isinstance(a, (set, torch.Size)):
        return [] if list(a) == list(b) else [where]
    if isinstance(a, (list, tuple)):
        if type(a) is not type(b) or len(a) != len(b):
            return [where]
        return [w for i, (x, y) in enumerate(zip(a, b)) for w in same(x, y, f"{where}[{i}]", exact)]
    if isinstance(a, (torch.dtype, torch.device)):
        return []
    return [] if a == b and type(a) is type(b) else [where]


def step(net, optimizer):
    optimizer.zero_grad()
    net(torch.arange(12.0).view(4, 3)).sum().backward()
    optimizer.step()


def copies(program, folder):
    """Every form of a file of torch.save, read and written again by xgrad."""
    value, wrong = values(torch), []
    for old in (False, True):
        for protocol in (2, 3, 4, 5):
            source, target = folder / "source.pt", folder / "target.pt"
            torch.save(value, source, pickle_protocol=protocol, _use_new_zipfile_serialization=not old)
            subprocess.run([program, "copy", source, target], check=True)
            back = load(target)
            wrong += same(value, back, f"{'old form' if old else 'zip'}, protocol {protocol}: value")
            for name in ("row", "transposed", "step"):
                if back[name].untyped_storage().data_ptr() != back["base"].untyped_storage().data_ptr():
                    wrong.append(f"{name} shares no memory with base any more")
    return wrong


def arrays(program, folder):
    """Arrays of NumPy, one and several, plain and compressed, read and written again by xgrad."""
    numbers = numpy.array([[0, 1, 3], [2, 5, 1]])
    dtypes = ("bool", "u1", "i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8")
    values = {dtype: numbers.astype(dtype) for dtype in dtypes}
    values.update(fortran=numpy.asfortranarray(numbers * 0.5), strided=numbers[:, ::2], scalar=numpy.float32(2.5),
                  empty=numpy.zeros((0, 3)), large=numpy.arange(300000.0), zeros=numpy.zeros(300000, "i4"))
    source, target, wrong = folder / "source.npz", folder / "target.npz", []

    def compare(value, back, where):
        value = numpy.asarray(value)
        good = back.dtype == value.dtype.newbyteorder("=") and back.shape == value.shape
        if not good or not numpy.array_equal(value, back):
            wrong.append(where)

    for save in (numpy.savez, numpy.savez_compressed):
        save(source, **values)
        for words in ([], ["compressed"]):
            subprocess.run([program, "arrays", source, target, *words], check=True)
            where = f"{save.__name__}, written {' '.join(words) or 'plain'}"
            with numpy.load(target) as back:
                if sorted(back) != sorted(values):
                    wrong.append(f"{where}: names")
                for name in set(values) & set(back):
                    compare(values[name], back[name], f"{where}: {name}")
    for name, value in values.items():
        numpy.save(folder / "source.npy", value)
        subprocess.run([program, "arrays", folder / "source.npy", folder / "target.npy"], check=True)
        compare(value, numpy.load(folder / "target.npy"), f"npy: {name}")
    return wrong


def training(program, folder):
    """A step in xgrad between two in PyTorch, beside three in PyTorch."""
    torch.manual_seed(0)
    net = Net()
    adam = torch.optim.Adam(net.parameters(), lr=0.01, eps=1e-3)  # gradients before a norm are noise
    step(net, adam)
    torch.save(net.state_dict(), folder / "net.pt")
    torch.save(adam.state_dict(), folder / "adam.pt")
    subprocess.run([program, "step", folder], check=True)
    other = Net()
    other_adam = torch.optim.Adam(other.parameters())
    other.load_state_dict(load(folder / "stepped_net.pt"))
    other_adam.load_state_dict(load(folder / "stepped_adam.pt"))
    for _ in range(2):
        step(net, adam)
    step(other, other_adam)
    return same(dict(net.state_dict()), dict(other.state_dict()), "training", exact=False)


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        wrong = copies(program, folder) + arrays(program, folder) + training(program, folder)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"PyTorch {torch.__version__}, NumPy {numpy.__version__}: {'files differ' if wrong else 'all files are read both ways'}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
