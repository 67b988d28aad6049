"""CSRNet and DM-Count written once more, in PyTorch and in double where that matters: numbers for Table10 golden tests.

    python table10.py FOLDER SEED

Layers are named in the order in which they run (conv0, conv1, ...). Weights are uniform(name) * sqrt(6 / fan_in), biases
0.05 uniform(name); those of the last layer are 0.1 times as large, with bias 0.5. Inputs are 2 uniform("inputHxW").
"""
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from hmode import uniform
from make_golden import save

VGG16_TO_EIGHTH = [64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool", 512, 512, 512]
VGG19 = [64, 64, "pool", 128, 128, "pool"] + [256] * 4 + ["pool"] + [512] * 4 + ["pool"] + [512] * 4


def layers(into, plan, dilation=1):
    made = []
    for out in plan:
        if out == "pool":
            made.append(nn.MaxPool2d(2))
        else:
            made += [nn.Conv2d(into, out, 3, padding=dilation, dilation=dilation), nn.ReLU()]
            into = out
    return made


def csrnet():
    backend = layers(512, [512, 512, 512, 256, 128, 64], dilation=2)
    return nn.Sequential(*layers(3, VGG16_TO_EIGHTH), *backend, nn.Conv2d(64, 1, 1))


def dm_count():
    up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
    return nn.Sequential(*layers(3, VGG19), up, *layers(512, [256, 128]), nn.Conv2d(128, 1, 1), nn.ReLU())


@torch.no_grad()
def fill(net, seed):
    convs = [layer for layer in net if isinstance(layer, nn.Conv2d)]
    for i, conv in enumerate(convs):
        last = i == len(convs) - 1
        weight = uniform(f"conv{i}.weight", seed, conv.weight.shape)
        conv.weight.copy_(weight * (6 / conv.weight[0].numel()) ** 0.5 * (0.1 if last else 1))
        bias = 0.05 * uniform(f"conv{i}.bias", seed, conv.bias.shape)
        conv.bias.copy_(torch.full_like(bias, 0.5) if last else bias)


def transport(people, points, regularisation):
    """Entropic transport by maximising the semi-dual with L-BFGS: another way to the optimum than Sinkhorn's."""
    cells = (people / people.sum()).flatten()
    rows, columns = people.shape
    y, x = torch.meshgrid(8.0 * torch.arange(rows).double() + 4, 8.0 * torch.arange(columns).double() + 4, indexing="ij")
    costs = (points[:, :1] - x.flatten()) ** 2 + (points[:, 1:] - y.flatten()) ** 2
    share = torch.full((len(points),), 1 / len(points), dtype=torch.float64)

    def objective(potential, cells):
        inner = torch.logsumexp((potential[:, None] - costs) / regularisation + share.log()[:, None], 0)
        return (share * potential).sum() - regularisation * (cells * inner).sum()

    potential = torch.zeros(len(points), dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([potential], max_iter=5000, tolerance_grad=1e-12, tolerance_change=1e-16,
                               history_size=50, line_search_fn="strong_wolfe")

    def step():
        solver.zero_grad()
        loss = -objective(potential, cells.detach())
        loss.backward()
        return loss

    for _ in range(20):
        solver.step(step)
    return objective(potential.detach(), cells)


def variation(people, points):
    """The count times half the L1 distance of the two distributions on cells of 8 pixels."""
    truth = torch.zeros_like(people)
    for column, row in (points // 8).long().tolist():
        truth[row, column] += 1
    return len(points) * (people / people.sum() - truth / truth.sum()).abs().sum() / 2


def losses(seed):
    """A crop of 96 x 64 pixels with six heads; the map is given on the 1/8 grid, in people per cell."""
    points = 32 + 30 * uniform("points", seed, (6, 2)).double()
    points[:, 0] *= 1.5
    cases = []
    people = (0.3 + 0.25 * uniform("people", seed, (8, 12)).double()).requires_grad_()
    for regularisation in (40.0, 400.0):
        loss = transport(people, points, regularisation)
        gradient, = torch.autograd.grad(loss, people)
        cases.append({"regularisation": regularisation, "loss": loss.item(), "gradient": gradient.flatten().tolist()})
    distance = variation(people, points)
    gradient, = torch.autograd.grad(distance, people)
    return {"points": points.tolist(), "people": people.detach().flatten().tolist(), "transport": cases,
            "variation": {"loss": distance.item(), "gradient": gradient.flatten().tolist()},
            "count": abs(people.sum().item() - len(points))}


def main(folder, seed):
    tensors = {}
    for name, make in (("csrnet", csrnet), ("dm_count", dm_count)):
        net = make().eval()
        fill(net, seed)
        for height, width in ((64, 96), (128, 80)):
            with torch.no_grad():
                tensors[f"{name}.{height}x{width}"] = net(2 * uniform(f"input{height}x{width}", seed, (1, 3, height, width)))[0, 0]
    numbers = {"seed": seed, "losses": losses(seed)}
    Path(folder, f"table10_seed{seed}.json").write_text(json.dumps(numbers))
    save(Path(folder, f"table10_seed{seed}.safetensors"), tensors)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
