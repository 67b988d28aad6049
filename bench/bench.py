"""Throng and its peers on the same networks, pictures and threads, in one run; `make bench` and scripts/bench.sh start it.

Every engine is a process of its own that stays alive. In each repetition all engines take a turn, so that whatever else
the machine does hits all of them alike. The table goes to standard output, the rows to a JSON file; see bench/README.md.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent
SIZES = {"released": ["576x864"], "throng-small": ["768x1024", "576x864"]}
QUICK = "64x96"
CALIBRATION = 4
SEED = 7
PAUSE = 0.1  # seconds between turns: thread pools that still spin come to rest

# Engine, precision. The first is what everybody runs, and what ratios and differences are taken against.
ENGINES = [("eager", "fp32"), ("eager-cl", "fp32"), ("eager-cl", "bf16"), ("onnxruntime", "fp32"),
           ("onnxruntime", "int8"), ("openvino", "fp32"), ("openvino", "bf16"), ("openvino", "int8"),
           ("throng", "fp32"), ("throng", "bf16"), ("throng", "int8"), ("throng", "auto")]
TITLES = {"eager": "PyTorch eager", "eager-cl": "PyTorch channels-last", "onnxruntime": "ONNX Runtime",
          "openvino": "OpenVINO", "throng": "Throng"}


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def processor():
    """Its name, and those of its features that decide how networks are computed."""
    name, flags = "unknown", []
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            name = value.strip()
        if key.strip() == "flags":
            flags = value.split()
    wanted = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
    return name, [flag for flag in wanted if flag in flags]


class Unavailable(Exception):
    pass


class Workshop:
    """Makes what engines read, each thing once, in a folder; what cannot be made is Unavailable to all who want it."""

    def __init__(self, folder, build):
        self.folder, self.build, self.failed = folder, build, {}
        folder.mkdir(parents=True, exist_ok=True)
        sources = [HERE / "networks.py", HERE / "compact.py", HERE / "prepare.py", HERE / "requirements.txt",
                   SOURCE / "tests" / "reference" / "hmode.py", *(SOURCE / "models").glob("*.safetensors")]
        self.newest_source = max(source.stat().st_mtime for source in sources)

    def run(self, command, what, out):
        """Makes the file `out`, under another name first, unless it is there and newer than what it comes from."""
        if out in self.failed:
            raise Unavailable(self.failed[out])
        if out.exists() and out.stat().st_mtime > self.newest_source:
            return out
        say("preparing", what)
        part = out.with_name("part-" + out.name)
        done = subprocess.run([str(word) if word is not None else str(part) for word in command],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode != 0 or not part.exists():
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            self.failed[out] = f"{what} failed: {lines[-1].strip() if lines else done.returncode}"
            raise Unavailable(self.failed[out])
        for made in [part.with_suffix(".bin"), part]:  # OpenVINO keeps weights beside the network
            if made.exists():
                made.rename(made.with_name(made.name.removeprefix("part-")))
        return out

    def python(self, what, out, step, *arguments):
        return self.run([sys.executable, HERE / "prepare.py", step, *arguments], what, out)

    def pictures(self, size):
        """One to measure with, then those to calibrate with."""
        height, width = size.split("x")
        folder = self.folder / f"pictures-{size}"
        # Of a folder that was cut off while it was made the last is missing.
        names = [folder / f"scene_{i + 1:04d}.png" for i in range(1 + CALIBRATION)]
        if not all(name.exists() for name in names):
            people = max(5, min(180, int(height) * int(width) // 1200))  # a small picture has room for few
            subprocess.run([self.build / "throng", "-q", "synth", "--people", str(people), "--size", f"{width}x{height}",
                            "--seed", str(SEED), "--count", str(len(names)), "--out", folder],
                           check=True, stdout=subprocess.DEVNULL)
        return names

    def weights(self, model):
        """What PyTorch reads, and what Throng reads."""
        if model == "throng-small":
            return [SOURCE / "models" / "throng-small.safetensors"] * 2
        state = self.folder / "released.pth"
        self.python("the released network's weights", state, "released", None)
        ours = self.folder / "released.safetensors"
        self.run([self.build / "throng", "model", "convert", state, None], "the released network for Throng", ours)
        return state, ours

    def onnx(self, model, size):
        out = self.folder / f"{model}-{size}.onnx"
        return self.python(f"{model} at {size} as ONNX", out, "onnx", model, self.weights(model)[0],
                           self.pictures(size)[0], None)

    def calibrated(self, model, size):
        """Throng's model, calibrated on the pictures that the peers are calibrated on."""
        pictures = self.pictures(size)
        head, _, *others = (pictures[0].parent / "manifest.jsonl").read_text().splitlines(keepends=True)
        manifest = pictures[0].parent / "calibration.jsonl"
        manifest.write_text(head + "".join(others))
        command = [self.build / "throng", "model", "quantize", self.weights(model)[1], None, "--calibrate", manifest,
                   "--split", "test"]
        return self.run(command, f"{model} at {size} in int8 for Throng",
                        self.folder / f"{model}-{size}-throng-int8.safetensors")

    def file_for(self, engine, precision, model, size):
        if engine.startswith("eager"):
            return self.weights(model)[0]
        if engine == "throng":
            return self.calibrated(model, size) if precision in ("int8", "auto") else self.weights(model)[1]
        plain = self.onnx(model, size)
        if precision != "int8":
            return plain
        name = {"onnxruntime": "int8.onnx", "openvino": "int8.xml"}[engine]
        step = {"onnxruntime": "onnx-int8", "openvino": "openvino-int8"}[engine]
        return self.python(f"{model} at {size} in int8 for {TITLES[engine]}", self.folder / f"{model}-{size}-{name}",
                           step, plain, None, *self.pictures(size)[1:])


class Engine:
    """A process that runs one engine. Whatever keeps it from running is in `why_not`."""

    def __init__(self, engine, precision):
        self.engine, self.precision = engine, precision
        self.why_not, self.version, self.process = "", "", None
        self.seconds, self.count, self.peak_mib = [], None, None

    def start(self, workshop, model, size, threads, flags):
        try:
            if self.precision == "bf16" and not {"avx512_bf16", "amx_bf16"} & set(flags):
                raise Unavailable("this CPU does not multiply bf16")
            file = workshop.file_for(self.engine, self.precision, model, size)
            picture = workshop.pictures(size)[0]
            if self.engine == "throng":
                command = [workshop.build / "throng_bench", file, picture, self.precision, threads]
            else:
                command = [sys.executable, HERE / "peer.py", self.engine, self.precision, model, file, picture, threads]
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self.version = self.answer().get("version", "")
        except (Unavailable, OSError) as problem:
            self.stop(str(problem))

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable(f"its process ended with {self.process.wait()}")
        fields = json.loads(line)
        if "unavailable" in fields:
            raise Unavailable(fields["unavailable"])
        return fields

    def turn(self, measured=True):
        if self.process is None:
            return
        try:
            self.process.stdin.write("run\n")
            self.process.stdin.flush()
            fields = self.answer()
        except (Unavailable, OSError) as problem:
            self.stop(str(problem))
            return
        self.count = fields["count"]
        if measured:
            self.seconds.append(fields["seconds"])

    def stop(self, why_not=""):
        if why_not:
            self.why_not = why_not
            self.seconds, self.count = [], None
        if self.process is None:
            return
        if not why_not:
            self.peak_mib = peak_mib(self.process.pid)
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def peak_mib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    return None


def measure(options, workshop, model, size, features):
    engines = [Engine(*pair) for pair in ENGINES if pair[0] in options.engines]
    try:
        for engine in engines:
            engine.start(workshop, model, size, options.threads, features[1])
            engine.turn(measured=False)  # packs weights, fills caches
        for repetition in range(options.repetitions):
            say(f"{model} {size}: repetition {repetition + 1} of {options.repetitions}")
            for engine in engines:
                engine.turn()
                time.sleep(PAUSE)
    finally:
        for engine in engines:
            engine.stop()
    return rows(options, model, size, engines, features)


def rows(options, model, size, engines, features):
    eager = next((engine for engine in engines if (engine.engine, engine.precision) == ENGINES[0]), None)
    made = []
    for engine in engines:
        median = statistics.median(engine.seconds) if engine.seconds else None
        row = {"model": model, "size": size, "engine": engine.engine, "precision": engine.precision,
               "median_s": median, "ratio_to_eager": None, "peak_mib": engine.peak_mib, "count": engine.count,
               "count_difference": None}
        if median and eager and eager.seconds:
            row["ratio_to_eager"] = statistics.median(eager.seconds) / median
            row["count_difference"] = abs(engine.count - eager.count) / max(abs(eager.count), 1e-9)
        if median:
            row |= {"fastest_s": min(engine.seconds), "slowest_s": max(engine.seconds),
                    "spread": (max(engine.seconds) - min(engine.seconds)) / median}
        else:
            row["unavailable"] = engine.why_not
        row |= {"threads": options.threads, "repetitions": len(engine.seconds), "version": engine.version,
                "machine": features[0], "features": features[1]}
        made.append(row)
    return made


def table(made):
    lines = [("model", "size", "engine", "precision", "median s", "spread", "ratio", "peak MiB", "count", "difference")]
    for row in made:
        start = (row["model"], row["size"], TITLES[row["engine"]], row["precision"])
        if row["median_s"] is None:
            lines.append((*start, "not available: " + row["unavailable"]))
            continue
        number = lambda value, form: "-" if value is None else form.format(value)  # noqa: E731
        lines.append((*start, f"{row['median_s']:.4f}", f"{row['spread']:.0%}", number(row["ratio_to_eager"], "{:.2f}"),
                      number(row["peak_mib"], "{}"), f"{row['count']:.2f}", number(row["count_difference"], "{:.1e}")))
    full = [line for line in lines if len(line) == len(lines[0])]
    widths = [max(len(line[i]) for line in full) for i in range(len(lines[0]))]
    widths[2] = max(len(line[2]) for line in lines)
    shown = []
    for line in lines:
        cells = [cell.ljust(widths[i]) if i < 4 or len(line) < len(widths) else cell.rjust(widths[i])
                 for i, cell in enumerate(line)]
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown)


def warn(made):
    for row in made:
        if row["precision"] == "fp32" and (row["count_difference"] or 0) > 1e-3:
            say(f"warning: {TITLES[row['engine']]} counts {row['model']} at {row['size']} in fp32 by "
                f"{row['count_difference']:.1e} differently: it does not run the same network")


def read_options():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh", description=__doc__.splitlines()[0])
    words = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--models", type=words, default=list(SIZES), help="of " + ",".join(SIZES))
    parser.add_argument("--engines", type=words, default=list(TITLES), help="of " + ",".join(TITLES))
    parser.add_argument("--repetitions", type=int, help="measured turns of each engine (7)")
    parser.add_argument("--size", type=words, help="HEIGHTxWIDTH, multiples of 16; several with commas")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of each engine (all cores)")
    parser.add_argument("--quick", action="store_true", help=f"one repetition at {QUICK}: does it all work?")
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help="JSON file (build/bench.json)")
    options = parser.parse_args()
    options.repetitions = options.repetitions or (1 if options.quick else 7)
    if options.quick and not options.size:
        options.size = [QUICK]
    for model in options.models:
        if model not in SIZES:
            parser.error(f"--models: {model} is not one of {', '.join(SIZES)}")
    for engine in options.engines:
        if engine not in TITLES:
            parser.error(f"--engines: {engine} is not one of {', '.join(TITLES)}")
    for size in options.size or []:
        sides = size.split("x")
        if len(sides) != 2 or not all(side.isdigit() and int(side) > 0 and int(side) % 16 == 0 for side in sides):
            parser.error(f"--size: {size} is not HEIGHTxWIDTH with multiples of 16")
    return options


def main():
    options = read_options()
    features = processor()
    workshop = Workshop(options.build / "bench-files", options.build)
    out = options.out or options.build / "bench.json"
    made = []
    for model in options.models:
        for size in options.size or SIZES[model]:
            made += measure(options, workshop, model, size, features)
            part = out.with_name(out.name + ".part")
            part.write_text(json.dumps(made, indent=1) + "\n")
            part.rename(out)
    print(f"{features[0]} ({' '.join(features[1])}), {options.threads} threads, {options.repetitions} repetitions")
    print(table(made))
    warn(made)


if __name__ == "__main__":
    main()
