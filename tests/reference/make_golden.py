"""Writes golden files like tests/golden/hmode_released_seed1 for another seed and other sizes:

    python make_golden.py FOLDER SEED SIZE... (SIZE = HEIGHTxWIDTH)
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from hmode import OUTPUTS, Hmode, importance, uniform

LEVEL_WEIGHTS = [1, 1, 1, 2, 2, 2, 4]
GRADIENTS = """de_pred3.0.conv.weight de_pred1.1.conv.weight head3.1.conv.bias head2.1.conv.weight head1.0.conv.weight
gating1.conv1.conv.weight gating1.conv2.conv.bias gating2.conv3.conv.weight gating2.conv6.conv.bias mask.output.conv.weight
features1.0.weight features3.1.weight features5.7.weight""".split()


def save(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def evaluate(net, seed, sizes, tensors):
    net.eval()
    cases = []
    for size in sizes:
        height, width = map(int, size.split("x"))
        with torch.no_grad():
            maps, attention, weights = net(2 * uniform("input" + size, seed, (1, 3, height, width)))
        sums = {}
        for name, value in zip(OUTPUTS, maps):
            full = F.interpolate(value, size=(height, width))[0, 0]
            tensors[f"eval.{size}.{name}"] = full
            sums[name] = full.double().sum().item()
        tensors[f"eval.{size}.attention"] = attention[0, 0]
        cases.append({"size": size, "sums": sums, "importance": importance(weights).item()})
    return cases


def relative_released(predicted, truth):
    """Eq. (2) and max(0, third - first) per sub-list, 16 x 16 regions, the nine largest errors, three sub-lists."""
    counts = F.avg_pool2d(predicted[None, None], 16).flatten() * 256
    true = F.avg_pool2d(truth[None, None], 16).flatten() * 256
    errors = F.avg_pool2d(((predicted - truth) ** 2)[None, None], 16).flatten()
    hard = sorted(range(64), key=lambda i: -errors[i].item())[:9]
    ranked = counts[sorted(hard, key=lambda i: -true[i].item())]
    loss = sum(F.relu(ranked[j + 3] - ranked[j]) for j in range(6))
    return loss + sum(F.relu(ranked[j + 6] - ranked[j]) for j in range(3))


def people(seed):
    """A truth map x100 of about 40 smooth heads on 128 x 128."""
    y, x = np.mgrid[0:128, 0:128]
    truth = np.zeros((128, 128))
    for i, (u, v) in enumerate(uniform("people", seed, (40, 2)).tolist()):
        head = np.exp(-((x - 64 - 60 * u) ** 2 + (y - 64 - 60 * v) ** 2) / (2 * (3 + i % 4) ** 2))
        truth += 100 * head / head.sum()
    return torch.from_numpy(truth.astype(np.float32))


def train(net, seed, truth):
    net.train()
    maps, attention, weights = net(2 * uniform("train.input", seed, (1, 3, 128, 128)))
    full = [F.interpolate(value, size=(128, 128))[0, 0] for value in maps]
    density = [((value - truth) ** 2).sum() for value in full]
    relative = [relative_released(value, truth) for value in full]
    a = F.interpolate(attention, size=(128, 128))[0, 0]
    foreground = (truth > 1e-3).float()
    cross_entropy = -(foreground * torch.log(a + 1e-10) + (1 - foreground) * torch.log(1 - a + 1e-10)).sum()
    balance = importance(weights)
    total = sum(w * (d + r) for w, d, r in zip(LEVEL_WEIGHTS, density, relative)) + cross_entropy + balance
    total.backward()
    parameters = dict(net.named_parameters())
    gradients = {name: parameters[name].grad for name in GRADIENTS}
    return {
        "density": [value.item() for value in density],
        "relative_released": [value.item() for value in relative],
        "attention": cross_entropy.item(),
        "importance": balance.item(),
        "level_weights": LEVEL_WEIGHTS,
        "total": total.item(),
        "running_mean_features1.1_first4": net.features1[1].running_mean[:4].tolist(),
        "gradients": {name: {"l2": value.double().norm().item(), "first": value.flatten()[:4].tolist()}
                      for name, value in gradients.items()},
    }


def main(folder, seed, sizes):
    net = Hmode()
    net.fill(seed)
    tensors = {}
    cases = evaluate(net, seed, sizes, tensors)
    truth = people(seed)
    tensors["train.ground_truth_x100"] = truth
    numbers = {"seed": seed, "cases": cases, "train": train(net, seed, truth)}
    name = f"hmode_released_seed{seed}"
    Path(folder, name + ".json").write_text(json.dumps(numbers))
    save(Path(folder, name + ".safetensors"), tensors)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
