#!/usr/bin/env python3
"""Writes the recorded files of the tests beside itself; the .pt files only when PyTorch can be imported."""
import io
import pathlib
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


if __name__ == "__main__":
    zips()
