"""The released HMoDE written once more, in PyTorch: an independent source of numbers for the golden tests.

Names, layers and the weight formula are those of tests/golden/README.md. Nothing here is used by the library.
"""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STEP = 0x9E3779B97F4A7C15
GROUPS = ((0, 1), (0, 2), (1, 2))
OUTPUTS = ("expert1", "expert2", "expert3", "group12", "group13", "group23", "final")


def uniform(name, seed, shape):
    """In [-1, 1), from the name, the seed and the row-major index alone."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    start = (value + seed * STEP + STEP) % 2**64
    with np.errstate(over="ignore"):
        z = np.arange(math.prod(shape), dtype=np.uint64) + np.uint64(start)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    values = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


class Conv(nn.Module):
    def __init__(self, into, out, kernel, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(into, out, kernel, padding=kernel // 2)
        self.relu = relu

    def forward(self, x):
        x = self.conv(x)
        return F.relu(x) if self.relu else x


def vgg_stage(into, widths, pool):
    layers = [nn.MaxPool2d(2)] if pool else []
    for width in widths:
        layers += [nn.Conv2d(into, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
        into = width
    return nn.Sequential(*layers)


class Chain(nn.Module):
    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x):
        for part in self.children():
            x = part(x)
        return x


class Hmode(nn.Module):
    def __init__(self):
        super().__init__()
        self.features1 = vgg_stage(3, [64] * 2, False)
        self.features2 = vgg_stage(64, [128] * 2, True)
        self.features3 = vgg_stage(128, [256] * 3, True)
        self.features4 = vgg_stage(256, [512] * 3, True)
        self.features5 = vgg_stage(512, [512] * 3, True)
        self.de_pred3 = nn.Sequential(Conv(512, 1024, 3), Conv(1024, 512, 3))
        self.de_pred2 = nn.Sequential(Conv(1024, 512, 3), Conv(512, 256, 3))
        self.de_pred1 = nn.Sequential(Conv(512, 256, 3), Conv(256, 128, 3))
        self.head3 = nn.Sequential(Conv(512, 64, 1), Conv(64, 1, 1))
        self.head2 = nn.Sequential(Conv(256, 64, 1), Conv(64, 1, 1))
        self.head1 = nn.Sequential(Conv(128, 64, 1), Conv(64, 1, 1))
        self.gating1 = Chain(conv1=Conv(512, 256, 3), conv2=Conv(256, 6, 1))
        widths = [512, 1024, 2048, 1024, 512, 256]
        convs = {f"conv{i + 1}": Conv(widths[i], widths[i + 1], 3) for i in range(5)}
        self.gating2 = Chain(**convs, conv6=Conv(256, 3, 1))
        self.mask = Chain(conv1=Conv(512, 256, 3), conv2=Conv(256, 128, 3), output=Conv(128, 1, 1, relu=False))

    def forward(self, image):
        """Maps on the 1/4 grid in the order of OUTPUTS, attention at 1/16, gate-1 weights on the 1/4 grid."""
        quarter = self.features3(self.features2(self.features1(image)))
        eighth = self.features4(quarter)
        sixteenth = self.features5(eighth)

        def joined(skip, x):
            return torch.cat([skip, F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=True)], 1)

        d3 = self.de_pred3(sixteenth)
        d2 = self.de_pred2(joined(eighth, d3))
        d1 = self.de_pred1(joined(quarter, d2))
        size = d1.shape[2:]
        experts = [F.interpolate(head(x), size=size) for head, x in ((self.head1, d1), (self.head2, d2), (self.head3, d3))]
        attention = torch.sigmoid(self.mask(sixteenth))
        logits = self.gating1(sixteenth)
        first = torch.cat([F.softmax(logits[:, 2 * i:2 * i + 2], 1) for i in range(3)], 1)
        first = F.interpolate(first, size=size)
        second = F.interpolate(F.softmax(self.gating2(sixteenth * attention), 1), size=size)
        groups = [first[:, 2 * i:2 * i + 1] * experts[a] + first[:, 2 * i + 1:2 * i + 2] * experts[b]
                  for i, (a, b) in enumerate(GROUPS)]
        final = sum(second[:, i:i + 1] * groups[i] for i in range(3))
        return experts + groups + [final], attention, first

    @torch.no_grad()
    def fill(self, seed):
        for name, tensor in self.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            u = uniform(name, seed, tensor.shape)
            last_of_head = name.startswith("head") and ".1.conv." in name
            if name.endswith("running_var"):
                u = 1 + 0.5 * u
            elif name.endswith("running_mean"):
                u = 0.1 * u
            elif name.endswith("bias"):
                u = torch.full_like(u, 0.5) if last_of_head else 0.05 * u
            elif tensor.dim() == 1:
                u = 1 + 0.2 * u
            else:
                u = u * math.sqrt(6 / tensor[0].numel()) * (0.1 if last_of_head else 1)
            tensor.copy_(u)


def importance(weights):
    total = weights.sum((0, 2, 3))
    return sum(total[2 * i:2 * i + 2].var() / (total[2 * i:2 * i + 2].mean() ** 2 + 1e-10) for i in range(3))
