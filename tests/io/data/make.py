#!/usr/bin/env python3
"""Writes the recorded files of the tests beside itself; the .pt files only when PyTorch can be imported."""
import argparse
import collections
import io
import pathlib
import sys
import types
import zipfile

HERE = pathlib.Path(__file__).parent


class Pipe(io.RawIOBase):
    """A file that cannot be gone back in, so that sizes come behind the data."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def zips():
    text = "x" * 1000
    with zipfile.ZipFile(HERE / "deflated.zip", "w", zipfile.ZIP_DEFLATED) as f:
        f.comment = b"a comment"
        f.writestr(zipfile.ZipInfo("two/"), "")
        f.writestr(info("text"), text)
        f.writestr(info("two/small"), "abc")
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as f:
        f.writestr(info("text"), text)
    (HERE / "streamed.zip").write_bytes(pipe.bytes)
    with zipfile.ZipFile(HERE / "zip64.zip", "w") as f:
        with f.open(info("text"), "w", force_zip64=True) as entry:
            entry.write(text.encode())


def info(name):
    result = zipfile.ZipInfo(name)
    result.compress_type = zipfile.ZIP_DEFLATED
    return result


def values(torch):
    """One value with all that files of tensors have in them."""
    base = torch.arange(12.0).reshape(3, 4)
    every = [torch.float32, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
             torch.float16, torch.bfloat16]
    shared = [1, 2]
    return {
        "dtypes": {str(d)[6:]: torch.tensor([0, 1, 3]).to(d) for d in every},
        "base": base, "row": base[1], "transposed": base.t(), "step": base[:, ::2],
        "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3), "expanded": torch.ones(1).expand(4),
        "parameter": torch.nn.Parameter(torch.ones(2)), "frozen": torch.nn.Parameter(torch.ones(1), False),
        "wants_grad": torch.ones(1, requires_grad=True),
        "numbers": [None, True, False, 0, 255, 256, 65536, -1, 2**40, -2**63, 0.1, -1e300],
        "texts": ["", "a", "\u00e4\u20ac\U0001f600", b"\xff\x00b"],
        "nested": ((), (1,), (1, 2, 3, 4), [[]], {}, {1: {"x": 2}, (1, "a"): 3}),
        "shared": [shared, shared], "set": {7}, "size": torch.Size([2, 3]), "dtype": torch.float64,
        "device": torch.device("cpu"), "ordered": collections.OrderedDict(a=1),
        "counter": collections.Counter([3, 3]),
    }


def torch_files():
    import torch
    for name, options in {"new": {}, "old": {"_use_new_zipfile_serialization": False},
                          "protocol4": {"pickle_protocol": 4}, "protocol5_old": {
                              "pickle_protocol": 5, "_use_new_zipfile_serialization": False}}.items():
        torch.save(values(torch), HERE / f"{name}.pt", **options)
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.ones(2, 3) + torch.arange(2.0)[:, None]).sum().backward()
        optimizer.step()
    torch.save(net.state_dict(), HERE / "net.pt")
    torch.save(optimizer.state_dict(), HERE / "adam.pt")
    torch.save({"epoch": 3, "model": net.state_dict(), "optimizer": optimizer.state_dict()}, HERE / "training.pt")
    torch.save(net, HERE / "module.pt")
    torch.save(torch.ones(2, dtype=torch.complex64), HERE / "complex.pt")
    big_endian(HERE / "new.pt", HERE / "big_endian.pt", torch)


def hyper_parameters():
    """What training programs keep beside the weights: OmegaConf's configs, a Namespace, Lightning's dict."""
    import numpy
    import omegaconf
    import torch

    class AttributeDict(dict):
        __module__ = "pytorch_lightning.utilities.parsing"

    for name in ("pytorch_lightning", "pytorch_lightning.utilities", AttributeDict.__module__):
        sys.modules[name] = types.ModuleType(name)
    sys.modules[AttributeDict.__module__].AttributeDict = AttributeDict
    AttributeDict.__qualname__ = "AttributeDict"
    config = omegaconf.OmegaConf.create(
        {"encoder": {"channels": [40, 30], "slope": 0.3, "residual": True}, "name": "a", "nothing": None, 3: [[], {}]})
    counts = collections.defaultdict(list, a=[1])
    value = {"config": config, "again": config, "list": config.encoder.channels,
             "typed": omegaconf.OmegaConf.create({"i": omegaconf.IntegerNode(1), "f": omegaconf.FloatNode(0.5)}),
             "lightning": AttributeDict(rate=0.1, config=config), "types": [int, list],
             "arguments": argparse.Namespace(epochs=3, layers=[1, 2], path=pathlib.PosixPath("/data/a.csv")),
             "counts": counts,
             "numbers": [numpy.float64(0.5), numpy.float32(0.25), numpy.int32(-3), numpy.bool_(True)],
             "array": numpy.arange(6, dtype="int32").reshape(2, 3), "turned": numpy.arange(6.0).reshape(2, 3).T}
    torch.save(value, HERE / "hyper_parameters.pt")
    torch.save(value, HERE / "hyper_parameters5.pt", pickle_protocol=5)


def big_endian(source, target, torch):
    """The same file as a machine with the other order of bytes writes it."""
    sizes = {i: t.element_size() for i, t in enumerate(storages(torch, values(torch)))}
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w") as b:
        for entry in a.infolist():
            data = a.read(entry)
            name = entry.filename.split("/", 1)[1]
            if name == "byteorder":
                data = b"big"
            elif name.startswith("data/"):
                size = sizes[int(name[5:])]
                data = b"".join(data[i:i + size][::-1] for i in range(0, len(data), size))
            b.writestr(zipfile.ZipInfo("archive/" + name), data)


def storages(torch, value, seen=None):
    """A tensor for each storage, in the order in which they are written."""
    seen = {} if seen is None else seen
    if isinstance(value, torch.Tensor):
        seen.setdefault(value.untyped_storage()._cdata, value)
    elif isinstance(value, dict):
        for v in value.values():
            storages(torch, v, seen)
    elif isinstance(value, (list, tuple)):
        for v in value:
            storages(torch, v, seen)
    return list(seen.values())


if __name__ == "__main__":
    zips()
    try:
        import torch as _
    except ImportError:
        print("no PyTorch here: the .pt files stay as they are")
    else:
        torch_files()
    try:
        import omegaconf as _
    except ImportError:
        print("no OmegaConf here: hyper_parameters.pt stays as it is")
    else:
        hyper_parameters()
