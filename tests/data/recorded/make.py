#!/usr/bin/env python3
"""Writes the recorded files of test_readers.cpp beside itself."""
import gzip
import pathlib
import struct
import wave

HERE = pathlib.Path(__file__).parent


def sound(bits, values):
    with wave.open(str(HERE / f"pcm{bits}.wav"), "wb") as f:
        f.setnchannels(2)
        f.setsampwidth(bits // 8)
        f.setframerate(8000)
        f.writeframes(b"".join(v.to_bytes(bits // 8, "little", signed=bits > 8) for v in values))


for bits in (8, 16, 24, 32):
    half = 1 << (bits - 2)
    zero = 128 if bits == 8 else 0
    sound(bits, [zero, zero + half, zero - half, zero - 2 * half, zero + 2 * half - 1, zero])
images = struct.pack(">4I", 0x803, 2, 2, 3) + bytes(range(12))
(HERE / "t10k-images.idx3-ubyte.gz").write_bytes(gzip.compress(images, mtime=0))
with gzip.GzipFile(HERE / "t10k-labels-idx1-ubyte.gz", "wb", mtime=0) as f:  # with its name in it
    f.write(struct.pack(">2I", 0x801, 2) + bytes([7, 3]))
