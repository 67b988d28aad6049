"""Training the released network with batches of 8 crops of 128x128: PyTorch eager in fp32, as everyone writes it, against
`throng train` in fp32 and bf16.

    training.py WEIGHTS.pth THREADS STEPS      after scripts/bench.sh, which makes build/bench-files/released.pth

A PyTorch step is forward, squared density error of the seven maps on random data, backward, Adam; the first is not
measured. Throng's steps have all of the paper's losses, and load and augment rendered pictures; its figure is that of the
second epoch. Each is a process of its own.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import networks  # finds tests/reference

BATCH, SIDE, MAPS = 8, 128, 7


def eager(weights, threads, steps):
    import torch
    from hmode import Hmode
    from torch.nn import functional as F

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    net = Hmode()
    net.load_state_dict(torch.load(weights, mmap=True, weights_only=True))
    net.train()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-5)
    seconds = []
    for step in range(steps + 1):
        image, truth = torch.randn(BATCH, 3, SIDE, SIDE), torch.rand(BATCH, 1, SIDE, SIDE)
        begin = time.perf_counter()
        maps = net(image)[0]
        assert len(maps) == MAPS
        loss = sum(((F.interpolate(values, size=(SIDE, SIDE)) - truth) ** 2).sum() for values in maps) / BATCH
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step:
            seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"images_per_s": BATCH / statistics.median(seconds), "peak_mib": round(peak)}))


def ours(precision, threads, steps, folder):
    throng = networks.SOURCE / "build" / "throng"
    pictures, run = Path(folder) / "pictures", Path(folder) / precision
    if not pictures.exists():
        subprocess.run([throng, "-q", "synth", "--people", "40", "--size", "256x256", "--count", str(BATCH * steps),
                        "--split", "train", "--out", pictures], check=True, stdout=subprocess.DEVNULL)
    changes = {"data.manifest": pictures / "manifest.jsonl", "data.validation": 0, "model.encoder_weights": "",
               "train.epochs": 2, "train.batch": BATCH, "train.crop": SIDE, "train.threads": threads,
               "train.precision": precision, "train.device": "cpu"}
    command = [throng, "-q", "train", networks.SOURCE / "configs" / "sha" / "hmode_rel.toml", "--out", run]
    for key, value in changes.items():
        command += ["--set", f"{key}={value}"]
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"throng train in {precision} failed")
    last = json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])
    return {"images_per_s": last["crops_per_second"], "peak_mib": round(used.ru_maxrss / 1024)}


def main(weights, threads, steps):
    eager_run = [sys.executable, __file__, "eager", weights, threads, steps]
    figures = {"PyTorch eager fp32": json.loads(subprocess.run(eager_run, check=True, stdout=subprocess.PIPE).stdout)}
    with tempfile.TemporaryDirectory() as folder:
        for precision in ("fp32", "bf16"):
            figures["Throng " + precision] = ours(precision, threads, int(steps), folder)
    base = figures["PyTorch eager fp32"]
    print(f"{'training':20}{'images/s':>10}{'ratio':>8}{'peak MiB':>10}{'ratio':>8}")
    for name, row in figures.items():
        print(f"{name:20}{row['images_per_s']:10.2f}{row['images_per_s'] / base['images_per_s']:8.2f}"
              f"{row['peak_mib']:10}{row['peak_mib'] / base['peak_mib']:8.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "eager":
        eager(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*sys.argv[1:])
