"""Writes the .pth files that pth_test.cpp reads, with torch itself: make_pth.py FOLDER. Exits with 3 without torch."""

import argparse
import collections
import datetime
import os
import pathlib
import pickle
import sys

try:
    import torch
except ImportError:
    sys.exit(3)


def state_dict():
    """Every element type and layout; pth_test.cpp builds the same values."""
    tied = torch.arange(4.0)
    return collections.OrderedDict(
        {
            "conv.weight": (torch.arange(24.0) / 8 - 1).reshape(2, 3, 2, 2),
            "conv.bias": torch.tensor([0.5, -0.25]),
            "f64": torch.arange(3, dtype=torch.float64) / 3,
            "f16": (torch.arange(6.0) / 4).half(),
            "bf16": (torch.arange(6.0) * 3).bfloat16(),
            "i64": torch.tensor([-5, 1 << 40]),
            "i32": torch.tensor([-70000, 70000], dtype=torch.int32),
            "i16": torch.tensor([-300, 300], dtype=torch.int16),
            "i8": torch.tensor([-128, 127], dtype=torch.int8),
            "u8": torch.tensor([0, 255], dtype=torch.uint8),
            "flags": torch.tensor([True, False, True]),
            "scalar": torch.tensor(7.5),
            "empty": torch.zeros(0, 3),
            "transposed": torch.arange(6.0).reshape(2, 3).t(),
            "every_second": torch.arange(20.0)[5:15:2],
            "middle": torch.arange(20.0)[8:12],
            "expanded": torch.tensor([2.0, 3.0]).expand(3, 2),
            "channels_last": torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
            "tied_a": tied,
            "tied_b": tied.reshape(2, 2),
        }
    )


def optimiser():
    return {"state": {0: {"step": torch.tensor(9.0), "exp_avg": torch.ones(2)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]}


class StateDict(collections.OrderedDict):
    """A class of somebody's own around the weights."""


class Options(dict):
    """Likewise around settings."""


def surroundings():
    """What people save beside weights."""
    options = Options(lr=1e-3, betas=(0.9, 0.999))
    options.owner = options
    found = {
        "args": argparse.Namespace(lr=1, layers=[1, 2], inner=argparse.Namespace(name="x"), options=options),
        "when": datetime.datetime(2024, 5, 6, 7, 8),
        "path": pathlib.PurePosixPath("a/b"),
        "tags": {"x", "y"},
        "frozen": frozenset([1, 2]),
        "raw": b"bytes" * 100,
        "raw_array": bytearray(b"bytes"),
        "counts": collections.defaultdict(list, {"a": [1]}),
        "device": torch.device("cpu"),
        "dtype": torch.float64,
        "huge": 1 << 5000,
        "function": len,
    }
    try:
        import numpy

        found.update(best=numpy.float64(70.25), step=numpy.int64(9), curve=numpy.arange(5.0))
    except ImportError:
        pass
    return found


class Harmful:
    """Leaves a file behind if anything runs it."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def main(folder):
    def save(name, value, zip_format=True, **options):
        torch.save(value, os.path.join(folder, name), _use_new_zipfile_serialization=zip_format, **options)

    state = state_dict()
    for kind, zip_format in (("zip", True), ("legacy", False)):
        save(f"{kind}.pth", state, zip_format)
        save(f"{kind}_protocol4.pth", state, zip_format, pickle_protocol=4)
        nested = {"epoch": 3, "optimizer": optimiser(), "best": 70.25, "names": ["a", None, True, -1, 1 << 40]}
        save(f"{kind}_nested.pth", {**nested, "model": state}, zip_format)
        save(f"{kind}_unusual.pth", {**nested, "my_net": {"inner": state}}, zip_format)
        net = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2)))
        with torch.no_grad():
            for index, parameter in enumerate(net.parameters()):
                parameter.fill_(index + 1)
        save(f"{kind}_module.pth", {"state_dict": net.state_dict(), "mean": torch.zeros(3)}, zip_format)
        save(f"{kind}_parameters.pth", dict(net.named_parameters()), zip_format)
        harmful = Harmful("touch " + os.path.join(folder, "harm_was_done"))
        save(f"{kind}_harmful.pth", {"weight": torch.ones(2), "extra": harmful}, zip_format)
        for protocol in (2, 4, 5):
            around = {**surroundings(), "state_dict": StateDict(state)}
            save(f"{kind}_surrounded{protocol}.pth", around, zip_format, pickle_protocol=protocol)
        save(f"{kind}_whole.pth", {"net": torch.nn.Linear(2, 2)}, zip_format)
        save(f"{kind}_list.pth", [torch.ones(2)], zip_format)
        save(f"{kind}_complex.pth", {"weight": torch.ones(2, dtype=torch.complex64)}, zip_format)
    torch.jit.script(torch.nn.ReLU()).save(os.path.join(folder, "torchscript.pth"))
    with open(os.path.join(folder, "bare_pickle.pth"), "wb") as file:
        pickle.dump(harmful, file, protocol=2)


main(sys.argv[1])
