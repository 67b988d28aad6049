"""How long a new process takes to count one photo, beside one that only loads libtorch; scripts/bench.sh starts it.

Programs take turns, so that whatever else the machine does hits both alike. The files that they read are in the file
cache after the first turn, which is not measured.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picture", type=Path, help="a photo (rendered, 1024x768)")
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help=argparse.SUPPRESS)
    return parser.parse_args()


def rendered_picture(build):
    folder = build / "bench-files" / "cold-start"
    picture = folder / "scene_0001.png"
    if not picture.exists():
        subprocess.run([build / "throng", "-q", "synth", "--people", "180", "--size", "1024x768", "--out", folder],
                       check=True, stdout=subprocess.DEVNULL)
    return picture


def seconds(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def seconds_of_counting(command):
    """What the network alone takes in a process that starts; the rest of its time is starting and ending."""
    shown = subprocess.run([*command, "--json"], check=True, capture_output=True).stdout
    return json.loads(shown)["images"][0]["seconds"]


def main():
    options = read_options()
    picture = options.picture or rendered_picture(options.build)
    count = [options.build / "throng", "count", "--precision", options.precision, picture]
    commands = {"loading libtorch": [options.build / "load_only"],
                "throng --version": [options.build / "throng", "--version"],
                "throng count": count}
    os.environ["THRONG_MODEL"] = str(SOURCE / "models" / "throng-small.safetensors")
    taken = {name: [] for name in commands}
    counting = []
    for repetition in range(options.repetitions + 1):
        for name, command in commands.items():
            second = seconds(command)
            if repetition:
                taken[name].append(second)
        counting.append(seconds_of_counting(count))
    rows = {name: statistics.median(values) for name, values in taken.items()}
    rows["of that, counting"] = statistics.median(counting[1:])
    print(f"A new process, median of {options.repetitions}:")
    for name, value in rows.items():
        print(f"  {name:18} {1000 * value:7.0f} ms")
    (options.build / "cold_start.json").write_text(json.dumps(rows, indent=1) + "\n")


sys.exit(main())
