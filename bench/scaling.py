"""How `throng count` scales: time and memory against megapixels, precision, threads and number of pictures, and how near its
convolutions come to a plain large matrix product.

    scaling.py [--model FILE] [--megapixels 1,4,10] [--threads 1,2] [--precisions fp32,bf16,int8] [--repetitions N]

after scripts/bench.sh, with the Python of build/bench-venv. Each figure is a process of its own: the fastest of the
repetitions, its seconds of counting (decoding not included) and the peak of its resident memory.
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
THRONG = SOURCE / "build" / "throng"


def write_picture(path, width, height):
    """A PNG of that size: blocks of grey that change from row to row, so that nothing is constant."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    pattern = bytes((x * 37 + x // 7) % 256 for x in range(3 * width + 256))
    packer, rows = zlib.compressobj(1), []
    for y in range(height):
        rows.append(packer.compress(b"\0" + pattern[y % 251:y % 251 + 3 * width]))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"".join(rows) + packer.flush()) +
                     chunk(b"IEND", b""))


def count(pictures, precision, threads, model, *more):
    command = [THRONG, "-q", "count", *pictures, "--json", "--precision", precision, "--threads", str(threads),
               *(["--model", model] if model else []), *more]
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE)
    begin = time.perf_counter()
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"throng count failed: {output.decode(errors='replace')}")
    return json.loads(output)["images"], used.ru_maxrss / 1024, time.perf_counter() - begin


def fastest(repetitions, *arguments):
    runs = [count(*arguments) for _ in range(repetitions)]
    return min(runs, key=lambda run: sum(image["seconds"] for image in run[0]))


def matrix_product(threads, bf16):
    """GFLOP/s of a product of two 4096 x 4096 matrices."""
    import torch
    torch.set_num_threads(threads)
    side = 4096
    a = torch.rand(side, side, dtype=torch.bfloat16 if bf16 else torch.float32)
    b = a.clone()
    seconds = []
    for _ in range(4):
        begin = time.perf_counter()
        a @ b
        seconds.append(time.perf_counter() - begin)
    return 2e-9 * side ** 3 / min(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words = lambda text: text.split(",")
    parser.add_argument("--model", help="model file (the shipped one)")
    parser.add_argument("--megapixels", type=words, default=["1", "4", "10"])
    parser.add_argument("--threads", type=words, default=["1", str(len(os.sched_getaffinity(0)))])
    parser.add_argument("--precisions", type=words, default=["fp32", "bf16", "int8"])
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        print(f"{'size':>14}{'precision':>11}{'threads':>9}{'seconds':>10}{'us/pixel':>10}{'peak MiB':>10}")
        for megapixels in options.megapixels:
            height = round((float(megapixels) * 1e6 * 3 / 4) ** 0.5 / 16) * 16
            width = round(float(megapixels) * 1e6 / height / 16) * 16
            picture = folder / f"{megapixels}.png"
            write_picture(picture, width, height)
            for precision in options.precisions:
                for threads in options.threads:
                    repetitions = options.repetitions if float(megapixels) < 20 else 1
                    images, peak, _ = fastest(repetitions, [picture], precision, threads, options.model)
                    seconds = images[0]["seconds"]
                    print(f"{width}x{height:<6}".rjust(14) + f"{precision:>11}{threads:>9}{seconds:>10.3f}"
                          f"{seconds / width / height * 1e6:>10.3f}{peak:>10.0f}", flush=True)
        threads = options.threads[-1]
        print(f"\n{'pictures':>14}{'precision':>11}{'threads':>9}{'seconds':>10}{'each':>10}{'wall':>10}")
        for number in (1, 4, 16):
            pictures = []
            for i in range(number):
                pictures.append(folder / f"many-{i}.png")
                write_picture(pictures[-1], 1024, 768)
            images, _, wall = fastest(options.repetitions, pictures, options.precisions[-1], threads, options.model)
            seconds = sum(image["seconds"] for image in images)
            print(f"{number:>14}{options.precisions[-1]:>11}{threads:>9}{seconds:>10.3f}{seconds / number:>10.3f}"
                  f"{wall:>10.3f}", flush=True)
        print(f"\n{'convolutions':>14}{'threads':>9}{'GFLOP/s':>10}{'of a GEMM in':>20}")
        for precision in options.precisions:
            for threads in options.threads:
                images, _, _ = count([folder / "many-0.png"] * 3, precision, threads, options.model, "--profile")
                layers = [layer for layer in images[-1]["layers"] if layer["gflop"] > 0]
                achieved = sum(layer["gflop"] for layer in layers) / sum(layer["seconds"] for layer in layers)
                shares = [f"{name} {achieved / matrix_product(int(threads), name == 'bf16'):.2f}"
                          for name in ("fp32", "bf16")]
                print(f"{precision:>14}{threads:>9}{achieved:>10.0f}{', '.join(shares):>26}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
