#!/usr/bin/env python3
"""TensorBoard and onnxruntime read what xgrad writes. interop.py PROGRAM [--record]; what is not installed is not tried.

--record keeps what onnxruntime computes, and of which models, for the test that has no onnxruntime: recorded.npz, digests.txt.
"""
import importlib.util
import io
import pathlib
import shutil
import subprocess
import sys
import tempfile


def events(folder):
    """Event files, with the numbers that Python's own code computes from the same values."""
    import numpy
    from PIL import Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    wrong = []

    def check(good, what):
        if not good:
            wrong.append(f"events: {what}")

    log = EventAccumulator(str(folder / "events"), size_guidance={"tensors": 0}).Reload()
    check(sorted(log.Tags()["scalars"]) == ["loss/train", "lr"], "tags")
    check([(e.step, round(e.value, 6)) for e in log.Scalars("lr")] == [(i, round(0.1 / (i + 1), 6)) for i in range(5)], "lr")
    histogram = log.Histograms("weight")[0].histogram_value
    values = numpy.arange(-50, 50) / 7.0
    check(histogram.num == 100 and abs(histogram.sum - values.sum()) < 1e-9, "sum of the histogram")
    counts, _ = numpy.histogram(values, bins=numpy.array(histogram.bucket_limit))
    check(numpy.array_equal(counts, numpy.array(histogram.bucket)[1:]) and counts.sum() == 100, "counts of the histogram")
    image = log.Images("picture")[0]
    check((image.width, image.height) == (3, 2), "size of the image")
    pixels = numpy.array(Image.open(io.BytesIO(image.encoded_image_string))).tolist()
    check(pixels[0][0] == [255, 0, 0] and pixels[1][2] == [0, 0, 255], "pixels of the image")
    check(log.Tensors("note/text_summary")[0].tensor_proto.string_val[0] == b"hello *there*", "text")
    for name in ("train", "valid"):
        part = EventAccumulator(str(folder / "events" / f"loss_{name}")).Reload()
        check(len(part.Scalars("loss")) == 5, f"scalars of {name}")
    return wrong


def models(folder):
    """ONNX models give what xgrad computed, and pass ONNX's own checks where it is installed."""
    import numpy
    import onnxruntime

    wrong, recorded = [], {}
    for file in sorted(folder.glob("*.onnx")):
        if importlib.util.find_spec("onnx"):
            import onnx

            onnx.checker.check_model(str(file), full_check=True)
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        arrays = numpy.load(file.with_suffix(".npz"))
        results = session.run(None, {i.name: arrays[i.name] for i in session.get_inputs()})
        for output, value in zip(session.get_outputs(), results):
            expected = arrays[output.name]
            recorded[f"{file.stem}.{output.name}"] = value
            if value.shape != expected.shape:
                wrong.append(f"{file.stem}: {output.name} is {value.shape}, expected {expected.shape}")
            elif not numpy.allclose(value, expected, rtol=1e-5, atol=1e-5):
                wrong.append(f"{file.stem}: {output.name} differs by {abs(value - expected).max()}")
    if "--record" in sys.argv and not wrong:
        here = pathlib.Path(__file__).parent
        numpy.savez(here / "recorded.npz", **recorded)
        shutil.copy(folder / "digests.txt", here)
    return wrong


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], folder], check=True)
        for module, check in (("tensorboard", events), ("onnxruntime", models)):
            if importlib.util.find_spec(module) is None:
                print(f"{module} is not installed, so {check.__name__} are not tried")
                continue
            found = check(folder)
            wrong += found
            print(f"{module}: {'differs' if found else f'reads all {check.__name__}'}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
