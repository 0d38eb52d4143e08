#!/usr/bin/env python3
"""Writes the pictures of test_image_files.cpp beside itself, and what Pillow reads in them, by file and mode."""
import pathlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
y, x = np.mgrid[0:11, 0:13]
rgb = np.stack([x * 19, y * 23, (x * y * 2) % 256], 2).astype(np.uint8)
alpha = ((x + y) * 10).astype(np.uint8)
color = Image.fromarray(rgb)
gray = color.convert("L")
palette = color.quantize(7)

files = {
    "color.jpg": (color, {"quality": 90}),
    "gray.jpg": (gray, {"quality": 90}),
    "inks.jpg": (color.convert("CMYK"), {"quality": 90}),
    "progressive.jpg": (color, {"quality": 75, "progressive": True}),
    "color.png": (color, {}),
    "alpha.png": (Image.fromarray(np.dstack([rgb, alpha])), {}),
    "gray.png": (gray, {}),
    "gray_alpha.png": (Image.fromarray(np.dstack([np.asarray(gray), alpha])), {}),
    "bits.png": (gray.convert("1"), {}),
    "palette.png": (palette, {"transparency": 2}),
    "gamma.png": (color, {}),
}
arrays = {}
for name, (image, options) in files.items():
    image.save(HERE / name, **options)
    if name == "gamma.png":  # a chunk that asks for other colours
        import struct
        import zlib

        data = (HERE / name).read_bytes()
        chunk = b"gAMA" + struct.pack(">I", 100000)
        chunk = struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        (HERE / name).write_bytes(data[:33] + chunk + data[33:])
    for mode in ("L", "LA", "RGB", "RGBA"):
        picture = Image.open(HERE / name)
        if mode in ("L", "LA") and picture.mode in ("P", "CMYK"):  # by way of colours
            picture = picture.convert("RGBA" if mode == "LA" and picture.mode == "P" else "RGB")
        array = np.asarray(picture.convert(mode))
        arrays[f"{name}:{mode}"] = array.reshape(*array.shape[:2], -1).transpose(2, 0, 1).copy()
np.savez_compressed(HERE / "pictures.npz", **arrays)
