# Records the files of test_safetensors.cpp and test_npy.cpp: `python3 make_arrays.py`, with NumPy, PyTorch and
# safetensors. Element i of an array is i - 2, or i where there is no sign; bools alternate.
import json

import numpy as np
import torch
from numpy.lib import format as npy
from safetensors.torch import save_file

DTYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]


def numbers(dtype, shape):
    t = torch.arange(int(np.prod(shape)))
    t = t % 2 == 0 if dtype == "bool" else t if dtype == "uint8" else t - 2
    return t.to(getattr(torch, dtype)).reshape(shape)


tensors = {d: numbers(d, (2, 3)) for d in DTYPES}
tensors |= {"scalar": torch.tensor(3.5), "empty": torch.zeros(0, 4), "ä\"\\\n": torch.ones(1)}
save_file(tensors, "all.safetensors", metadata={"format": "pt"})
save_file({"a.weight": numbers("float32", (3, 2))}, "shard-1-of-2.safetensors")
save_file({"a.bias": numbers("float32", (3,))}, "shard-2-of-2.safetensors")
with open("model.safetensors.index.json", "w") as f:
    json.dump({"metadata": {"total_size": 36}, "weight_map": {
        "a.weight": "shard-1-of-2.safetensors", "a.bias": "shard-2-of-2.safetensors"}}, f)

arrays = {d: numbers(d, (2, 3)).numpy() for d in DTYPES if d != "bfloat16"}
arrays |= {"scalar": np.array(3.5), "empty": np.zeros((0, 4)), "vector": np.arange(3),
           "fortran": np.asfortranarray(numbers("float32", (2, 3, 4)).numpy()),
           "big": numbers("int32", (2, 3)).numpy().astype(">i4")}
np.savez("stored.npz", **arrays)
np.savez_compressed("compressed.npz", **arrays)
np.save("plain.npy", arrays["float32"])
for version in (2, 3):
    with open(f"version{version}.npy", "wb") as f:
        npy.write_array(f, arrays["float32"], version=(version, 0))
np.save("complex.npy", np.zeros(2, dtype="complex64"))
np.save("records.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
