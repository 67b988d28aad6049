"""The networks of the bench as PyTorch modules that give the final map, and pictures as these take them."""
import sys
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(SOURCE / "tests" / "reference")]

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
DENSITY_SCALE = 100.0
CELL = 16  # pixels of a picture that share a cell of the final map


def normalised(picture):
    """A picture file -> [1, 3, H, W], fp32."""
    from PIL import Image

    rgb = np.asarray(Image.open(picture).convert("RGB"), dtype=np.float64) / 255
    rgb = (rgb - MEAN) / DEVIATION
    return np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], dtype=np.float32)


def count_of(total):
    """People in a picture whose sides are multiples of 16, from the sum of its final map."""
    return float(total) * CELL / DENSITY_SCALE


def load(model, weights):
    """`released`: the state dict that prepare.py wrote; else a Throng model file. In eval mode."""
    import torch

    if model != "released":
        import compact

        net, card = compact.load(weights)
        stated = card["normalisation"]
        if (tuple(stated["mean"]), tuple(stated["deviation"])) != (MEAN, DEVIATION):
            raise ValueError(f"{weights} wants its pictures normalised in another way than the bench does")
        if card["density_scale"] != DENSITY_SCALE:
            raise ValueError(f"{weights} has another density scale than the bench expects")
        return net
    from hmode import Hmode

    class FinalMap(Hmode):
        def forward(self, image):
            return super().forward(image)[0][-1]

    with torch.device("meta"):
        net = FinalMap()
    net.load_state_dict(torch.load(weights, mmap=True, weights_only=True), assign=True)
    return net.eval()
