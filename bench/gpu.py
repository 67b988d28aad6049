"""What a GPU makes of Throng, in one command: one picture of 768x1024 counted by the released network, several at once, and
the time that the paper's schedule on ShanghaiTech A (200 epochs of 300 pictures, batches of 8 crops of 128x128) would take at
the speed of a few epochs.

    gpu.py [--device cuda] [--data MANIFEST.jsonl] [--epochs 4] [--repetitions 50] [--quick]

with a Python that has PyTorch and numpy. Prints what is there (card, PyTorch, whether graphs are used) and the figures, and
writes build/gpu.json. Without --data it trains on rendered scenes, as many as the data set has pictures. Validation is left
out. With --device cpu --quick it only shows that all of it runs.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import bench  # Workshop: the released network's weights and the pictures

SOURCE = Path(__file__).resolve().parent.parent
BUILD = SOURCE / "build"
SIZE = "768x1024"
PICTURES, SCHEDULE_EPOCHS, BATCH = 300, 200, 8
SETTLING = 10  # runs that are not measured: libraries set themselves up, then the graph is recorded


def card():
    try:
        query = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
        return subprocess.run(query, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no card that nvidia-smi knows"


def counting(workshop, options, precision):
    """Seconds of one picture, one at a time, through the public interface: copying and normalising it included."""
    command = [BUILD / "throng_bench", workshop.weights("released")[1], workshop.pictures(options.size)[0], precision,
               os.cpu_count(), options.device]
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ready = json.loads(process.stdout.readline())
    if "unavailable" in ready:
        process.wait()
        return {"precision": precision, "unavailable": ready["unavailable"]}
    answers = []
    for _ in range(SETTLING + options.repetitions):
        process.stdin.write("run\n")
        process.stdin.flush()
        answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()
    process.wait()
    seconds = [answer["seconds"] for answer in answers[SETTLING:]]
    return {"precision": precision, "kernels": ready["version"], "median_s": statistics.median(seconds),
            "fastest_s": min(seconds), "slowest_s": max(seconds), "count": answers[-1]["count"]}


def counting_many(workshop, options, precision):
    """Seconds each of many pictures of one size by `throng count`, which counts them in batches on a GPU."""
    pictures = workshop.pictures(options.size) * options.repetitions
    command = [BUILD / "throng", "-q", "count", *pictures, "--json", "--device", options.device, "--precision", precision,
               "--model", workshop.weights("released")[1]]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        return {"precision": precision, "unavailable": done.stderr.strip()}
    images = json.loads(done.stdout)["images"]
    return {"precision": precision, "pictures": len(images),
            "median_s": statistics.median(image["seconds"] for image in images[len(images) // 2:])}


def training(options, folder, graph, precision):
    data = options.data
    if not data:
        scenes = Path(folder) / "scenes"
        if not scenes.exists():
            subprocess.run([BUILD / "throng", "-q", "synth", "--people", "100", "--size", "512x384", "--count",
                            str(options.pictures), "--split", "train", "--out", scenes], check=True,
                           stdout=subprocess.DEVNULL)
        data = scenes / "manifest.jsonl"
    run = Path(folder) / f"{precision}-{graph}"
    changes = {"data.manifest": data, "data.validation": 0, "data.workers": max(1, (os.cpu_count() or 2) - 1),
               "model.encoder_weights": "", "train.epochs": options.epochs, "train.batch": BATCH,
               "train.checkpoint_steps": 0, "train.device": options.device, "train.precision": precision,
               "train.graph": graph}
    command = [BUILD / "throng", "train", SOURCE / "configs" / "sha" / "hmode_rel.toml", "--out", run]
    for key, value in changes.items():
        command += ["--set", f"{key}={value}"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"precision": precision, "graph": graph, "unavailable": lines[-1] if lines else done.returncode}
    # The first epoch settles; the others are measured between the reading of the clock at their two ends.
    epochs = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()][1:]
    crops = statistics.median(epoch["crops_per_second"] for epoch in epochs)
    said = [line for line in done.stderr.splitlines() if "graphs" in line or "waits" in line]
    return {"precision": precision, "graph": graph, "said": said, "crops_per_s": crops, "steps_per_s": crops / BATCH,
            "waited_share": max(epoch["waited_share"] for epoch in epochs),
            "schedule_s": SCHEDULE_EPOCHS * PICTURES / crops}


def show(rows, columns):
    for row in rows:
        if "unavailable" in row:
            print("  ", row["precision"], row.get("graph", ""), "-", row["unavailable"])
        else:
            print("  ", *(f"{name} {row[name]:.4g}" if isinstance(row[name], float) else f"{name} {row[name]}"
                          for name in columns), flush=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--data", help="manifest of ShanghaiTech A (throng data import shanghaitech)")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--precisions", type=lambda text: text.split(","), default=["fp32", "bf16", "fp16"])
    parser.add_argument("--size", default=SIZE)
    parser.add_argument("--quick", action="store_true", help="tiny pictures and few of them: does it all run?")
    options = parser.parse_args()
    options.pictures = PICTURES
    if options.quick:
        options.size, options.repetitions, options.epochs, options.pictures = "96x128", 2, 2, 2 * BATCH
    return options


def main():
    options = read_options()
    subprocess.run([SOURCE / "scripts" / "build.sh", "default", "throng", "throng_bench"], check=True,
                   stdout=sys.stderr.fileno())
    workshop = bench.Workshop(BUILD / "bench-files", BUILD)
    result = {"device": options.device, "card": card(), "size": options.size}
    print("card:", result["card"])
    print(f"one picture of {options.size} at a time, released network:")
    result["one"] = [counting(workshop, options, precision) for precision in options.precisions]
    show(result["one"], ["precision", "kernels", "median_s", "fastest_s", "slowest_s", "count"])
    print("many pictures, seconds each:")
    result["many"] = [counting_many(workshop, options, precision) for precision in options.precisions]
    show(result["many"], ["precision", "pictures", "median_s"])
    print(f"training, and the paper's {SCHEDULE_EPOCHS} epochs of {PICTURES} pictures at that speed:")
    with tempfile.TemporaryDirectory() as folder:
        result["training"] = [training(options, folder, graph, precision)
                              for precision, graph in (("bf16", "auto"), ("bf16", "off"), ("fp32", "auto"))]
    show(result["training"], ["precision", "graph", "said", "crops_per_s", "steps_per_s", "waited_share", "schedule_s"])
    (BUILD / "gpu.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
