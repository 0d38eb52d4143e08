#!/usr/bin/env python3
"""Draws random calls of every op, asks PyTorch, and lets xgrad's test_conformance compare: ./dev compare-pytorch.

The calls are made from the recorded ones (draws.py), in the format of tests/conformance/data; they stay in the folder
--out, so that one can be run again: test_conformance --data FOLDER. The same seed draws the same calls.
"""
import argparse
import collections
import json
import math
import multiprocessing
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import warnings

import torch

import calls
import dangerous
import draws
import exclusions
import values

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "conformance" / "data" / "ops"
# Of results in a dtype; sums and products of many may be formed in another order.
RELATIVE = {"float64": 1e-8, "float32": 3e-5, "float16": 6e-3, "bfloat16": 4e-2}
MEMORY = 16 << 30  # more than that is refused to PyTorch: its answer is then an error


def largest(described):
    numbers = [abs(values.number(v)) for t in described for v in t["data"]]
    return max((v for v in numbers if math.isfinite(v)), default=0)


def tolerance(case, args, line):
    outputs = [t for t in line["outputs"] if values.is_tensor(t)]
    for grad in line.get("grads", {}).values():
        outputs += draws.tensors_of(grad if isinstance(grad, list) else [grad])
    inputs = [t for value in args.values() for t in draws.tensors_of(value)]
    floats = [t for t in inputs + outputs if t["dtype"] in values.FLOATS]
    rtol = max([RELATIVE[t["dtype"]] for t in floats] + [case.get("tol", {}).get("rtol", 0)], default=0)
    # What cancels has the error of what it was made from.
    scale = max(largest([t for t in outputs if t["dtype"] in values.FLOATS]), min(1, largest(floats)))
    if not inputs:  # windows are sums of cosines
        scale = max(scale, 1)
    return {"rtol": rtol, "atol": rtol * scale}


def draw_line(cases, seen, number, seed):
    """One recorded line; a call that PyTorch refuses is kept now and then only."""
    op = cases[0]["op"]
    rng = random.Random(f"{seed}/{op}/{number}")
    for _ in range(20):
        case = rng.choice(cases)
        try:
            args = draws.Draw(case, seen[case["schema"]], rng, calls.is_pointwise(case["schema"])).draw()
            described = {name: described_argument(value) for name, value in args.items()}
            if dangerous.dangerous(op, described):
                continue
            line = calls.record(op, case["schema"], described, rng)
        except (calls.Refused, MemoryError, RuntimeError):  # a gradient of no elements, a tensor of terabytes
            continue
        if exclusions.excluded(op, described, line):
            continue
        if "error" in line and rng.random() > 0.15:
            continue
        if "outputs" in line:
            exclusions.forget_open_points(op, described, line, calls.is_pointwise(case["schema"]))
        head = {"id": f"{op}/draw{number}", "op": op, "schema": case["schema"], "args": described}
        return {**head, **line, **({} if "error" in line else {"tol": tolerance(case, described, line)})}
    return None


def described_argument(value):
    """With the elements that the tensor really has: rounded to its dtype."""
    if values.is_tensor(value):
        kept = {key: value[key] for key in ("strides", "offset", "requires_grad") if key in value}
        return {**values.describe(values.build(value)), **kept}
    return [described_argument(v) for v in value] if isinstance(value, list) else values.plain(value)


def write_draws(op, path, numbers, seed, reached):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    cases = [json.loads(line) for line in (DATA / f"{op}.jsonl").open()]
    seen = draws.seen_arguments(cases)
    with path.open("a") as file:
        for number in numbers:
            reached.value = number
            line = draw_line(cases, seen, number, seed)
            if line is not None:
                file.write(json.dumps(line) + "\n")
                file.flush()


def run(runner, path):
    """The failures of a file, as (id, reason), and whether the program came to its end."""
    environment = {**os.environ, "XGRAD_CONFORMANCE_VERBOSE": "1"}
    try:
        done = subprocess.run([runner, "--data", path], capture_output=True, text=True, errors="replace", timeout=120,
                              env=environment)
    except subprocess.TimeoutExpired:
        return [], False
    failures = re.findall(r"^  (\S+/draw\d+): (.*)$", done.stderr, re.M)
    return failures, done.returncode in (0, 1) and " passed, " in done.stdout


def run_all(runner, path):
    """As run; a call that ends the program is found by halving."""
    failures, ended = run(runner, path)
    if ended:
        return failures
    lines = path.read_text().splitlines(keepends=True)
    if len(lines) <= 1:
        return [(json.loads(lines[0])["id"], "the program crashed or hung")] if lines else []
    found = []
    for half in (lines[:len(lines) // 2], lines[len(lines) // 2:]):
        part = path.with_suffix(".part.jsonl")
        part.write_text("".join(half))
        found += run_all(runner, part)
    return found


def kind_of(reason):
    return re.sub(r"-?\d+(\.\d+)?(e[+-]?\d+)?|-?inf|-?nan|\[[^]]*\]", "#", reason)[:110]


def compare(op, options, out):
    path = out / f"{op}.jsonl"
    path.write_text("")
    context = multiprocessing.get_context("fork")
    reached = context.Value("q", -1)
    for _ in range(20):  # a call that ends PyTorch ends this process alone, and another goes on behind it
        process = context.Process(target=write_draws, args=(op, path, range(reached.value + 1, options.draws),
                                                            options.seed, reached))
        process.start()
        before = None
        while process.is_alive() and reached.value != before:
            before = reached.value
            process.join(60)
        if process.is_alive():  # in one call for a minute
            process.kill()
            process.join()
        if process.exitcode == 0:
            break
        print(f"{op}: PyTorch ended with {process.exitcode} at draw {reached.value}", flush=True)
    total = sum(1 for _ in path.open())
    failures = run_all(options.runner, path)
    print(f"{op} {total - len(failures)}/{total}", flush=True)
    kinds = collections.defaultdict(list)
    for name, reason in failures:
        kinds[kind_of(reason)].append(f"{name}: {reason}")
    for alike in kinds.values():
        print(f"  {len(alike)} as {alike[0]}", flush=True)
    return total, len(failures)


def known_ops(runner):
    text = subprocess.run([runner, "--data", DATA], capture_output=True, text=True).stdout
    return [line.split()[0] for line in text.splitlines() if re.fullmatch(r"\S+ \d+/\d+( \(\d+ excused\))?", line)]


def main():
    parser = argparse.ArgumentParser(prog="./dev compare-pytorch", description=__doc__)
    parser.add_argument("ops", nargs="*", metavar="op", help="as in tests/conformance/data/ops; all, if none is named")
    parser.add_argument("--draws", type=int, default=200, help="calls an op (200)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runner", default="build/release/tests/conformance/test_conformance")
    parser.add_argument("--out", default="build/compare", help="where the calls are written (build/compare)")
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    total = failed = 0
    for op in options.ops or known_ops(options.runner):
        drawn, failures = compare(op, options, out)
        total += drawn
        failed += failures
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
