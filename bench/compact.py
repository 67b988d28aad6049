"""The network of a Throng model file, written once more in PyTorch: what PyTorch, ONNX Runtime and OpenVINO run in the
bench. It covers what shipped models use: a ResNet-50 to layer3, pixel gates, heads behind the decoder. Parts that the
released network has too come from tests/reference/hmode.py.
"""
import json
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hmode import Chain, Conv

DEPTHS = (3, 4, 6)
EXPANSION = 4
TYPES = {"F16": np.float16, "F32": np.float32}


def read_safetensors(path):
    """The tensors by name in fp32, and the description in the metadata."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    card = json.loads(header.pop("__metadata__")["throng"])
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in TYPES:
            continue
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[first:last], TYPES[entry["dtype"]]).astype(np.float32)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors, card


class NormConv(nn.Module):
    """Convolution, batch normalisation and, but for shortcuts and last convolutions, ReLU."""

    def __init__(self, into, out, kernel, stride, eps, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(into, out, kernel, stride, padding=kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(out, eps=eps)
        self.relu = relu

    def forward(self, x):
        x = self.norm(self.conv(x))
        return F.relu(x) if self.relu else x


class Bottleneck(nn.Module):
    def __init__(self, into, width, stride, config):
        super().__init__()
        eps, out = config["norm_eps"], width * EXPANSION
        first = stride if config["bottleneck_stride"] == "1x1" else 1
        self.conv1 = NormConv(into, width, 1, first, eps)
        self.conv2 = NormConv(width, width, 3, stride // first, eps)
        self.conv3 = NormConv(width, out, 1, 1, eps, relu=False)
        self.downsample = NormConv(into, out, 1, stride, eps, relu=False) if into != out or stride != 1 else None

    def forward(self, x):
        shortcut = self.downsample(x) if self.downsample else x
        return F.relu(self.conv3(self.conv2(self.conv1(x))) + shortcut)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.stem = NormConv(3, 64, 7, 2, config["norm_eps"])
        into = 64
        for i, depth in enumerate(DEPTHS):
            units = []
            for unit in range(depth):
                units.append(Bottleneck(into, 64 << i, 2 if i and not unit else 1, config))
                into = (64 << i) * EXPANSION
            self.add_module(f"layer{i + 1}", nn.Sequential(*units))

    def forward(self, image):
        quarter = self.layer1(F.max_pool2d(self.stem(image), 3, 2, 1))
        eighth = self.layer2(quarter)
        return quarter, eighth, self.layer3(eighth)


def chain(into, layers, out=None, relu=True):
    """3x3 and other convolutions with ReLU, then a 1x1 to `out` channels where that is asked for."""
    parts = {}
    for i, (kernel, width) in enumerate(layers):
        parts[str(i)] = Conv(into, width, kernel)
        into = width
    if out:
        parts[str(len(layers))] = Conv(into, out, 1, relu)
    return Chain(**parts)


class Compact(nn.Module):
    def __init__(self, card):
        super().__init__()
        config = card["model"]
        check(config)
        self.align_corners = config["resize"] == "align_corners"
        self.levels = config["levels"]
        self.attended = [gate["attention"] for gate in config["gates"]]
        decoder = config["decoder"]
        channels = [64 * EXPANSION, 128 * EXPANSION, 256 * EXPANSION]
        self.encoder = Encoder(config)
        self.decoder = nn.Module()
        coarser = 0
        for k in (3, 2, 1):
            widths = decoder[f"block{k}"]
            self.decoder.add_module(f"block{k}", chain(channels[k - 1] + coarser, [(3, width) for width in widths]))
            coarser = widths[-1]
            self.add_module(f"head{k}", chain(coarser, [(1, decoder["head"])], 1))
        self.attention = chain(channels[2], config["attention"], 1, relu=False)
        for i, gate in enumerate(config["gates"]):
            logits = sum(len(group) for group in self.levels[i] if len(group) > 1)
            self.add_module(f"gate{i + 1}", chain(channels[2], gate["trunk"], logits))

    def forward(self, image):
        """The final map on the 1/4 grid."""
        quarter, eighth, sixteenth = self.encoder(image)
        d3 = self.decoder.block3(sixteenth)
        d2 = self.decoder.block2(self.joined(eighth, d3))
        d1 = self.decoder.block1(self.joined(quarter, d2))
        size = d1.shape[2:]
        maps = [F.interpolate(head(x), size=size)
                for head, x in ((self.head1, d1), (self.head2, d2), (self.head3, d3))]
        attended = sixteenth * torch.sigmoid(self.attention(sixteenth))
        for i, groups in enumerate(self.levels):
            logits = getattr(self, f"gate{i + 1}")(attended if self.attended[i] else sixteenth)
            maps = mixed(groups, maps, logits, size)
        return maps[0]

    def joined(self, skip, x):
        return torch.cat([skip, F.interpolate(x, size=skip.shape[2:], mode="bilinear",
                                              align_corners=self.align_corners)], 1)


def mixed(groups, maps, logits, size):
    """The map of each group: its members (counted from 1) weighed by a softmax at each pixel."""
    result, first = [], 0
    for group in groups:
        if len(group) == 1:
            result.append(maps[group[0] - 1])
            continue
        weights = F.interpolate(F.softmax(logits[:, first:first + len(group)], 1), size=size)
        result.append(sum(weights[:, j:j + 1] * maps[member - 1] for j, member in enumerate(group)))
        first += len(group)
    return result


def check(config):
    """Raises ValueError for what this file does not know."""
    known = {"network": "hmode", "encoder": "resnet50", "encoder_norm": True, "width": 1.0, "local_head": False,
             "attention_block": "conv"}
    wrong = [f"{key} = {config.get(key)!r}" for key, value in known.items() if config.get(key, value) != value]
    for gate in config["gates"]:
        if (gate["input"], gate["block"], gate["weighting"]) != ("EB3", "conv", "pixel"):
            wrong.append(f"gate {gate}")
    if config["decoder"]["block4"] or config["decoder"]["block5"]:
        wrong.append("more than three decoder blocks")
    if wrong:
        raise ValueError("bench/compact.py does not know " + ", ".join(wrong))


def our_name(name):
    """`decoder.block1.0.conv.weight` -> `decoder.block1.0.weight`: in a model file a block is its convolution."""
    parts = name.split(".")
    if parts[-2] == "conv":
        del parts[-2]
    return ".".join(parts)


def load(path):
    """The network with the weights of a model file, and the file's description."""
    tensors, card = read_safetensors(path)
    with torch.device("meta"):
        net = Compact(card)
    state = {}
    for name in net.state_dict():
        counter = name.endswith("num_batches_tracked")
        state[name] = torch.zeros((), dtype=torch.long) if counter else tensors.pop(our_name(name))
    if tensors:
        raise ValueError(f"{path} has tensors that bench/compact.py has no place for: {', '.join(sorted(tensors))}")
    net.load_state_dict(state, assign=True)
    return net.eval(), card
