"""One peer of the bench, as a process that stays alive (the protocol is in bench/README.md):

    peer.py ENGINE PRECISION MODEL FILE PICTURE THREADS

ENGINE is eager, eager-cl (channels-last), onnxruntime or openvino; FILE is what it reads.
"""
import json
import os
import sys
import time

import networks


def eager(precision, model, file, image, threads, channels_last):
    import torch

    torch.set_num_threads(threads)
    form = torch.channels_last if channels_last else torch.contiguous_format
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    net = networks.load(model, file).to(dtype=kind, memory_format=form)
    image = torch.from_numpy(image).to(memory_format=form)

    def run():
        with torch.inference_mode():
            return net(image.to(kind)).double().sum().item()

    return run, f"torch {torch.__version__}"


def onnxruntime(precision, model, file, image, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return (lambda: session.run(["map"], {"image": image})[0].sum(dtype="float64"),
            f"onnxruntime {onnxruntime.__version__}")


def openvino(precision, model, file, image, threads):
    import openvino

    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
    if precision != "int8":  # what is not quantised then is computed in what OpenVINO holds for fastest
        settings["INFERENCE_PRECISION_HINT"] = {"fp32": "f32", "bf16": "bf16"}[precision]
    compiled = openvino.Core().compile_model(file, "CPU", settings)
    request = compiled.create_infer_request()
    return (lambda: request.infer([image], share_inputs=True)[0].sum(dtype="float64"),
            f"openvino {openvino.__version__}")


def start(engine, precision, model, file, picture, threads):
    image = networks.normalised(picture)
    if engine.startswith("eager"):
        return eager(precision, model, file, image, int(threads), engine == "eager-cl")
    return {"onnxruntime": onnxruntime, "openvino": openvino}[engine](precision, model, file, image, int(threads))


def main():
    # Libraries print what they like; answers go where standard output went.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**fields):
        print(json.dumps(fields), file=answers, flush=True)

    try:
        run, version = start(*sys.argv[1:])
    except Exception as error:  # whatever it is, the row says so
        lines = str(error).strip().splitlines()
        answer(unavailable=f"{type(error).__name__}: {lines[0] if lines else ''}")
        return
    answer(ready=True, version=version)
    for line in sys.stdin:
        if line.strip() != "run":
            break
        begin = time.perf_counter()
        total = run()
        answer(seconds=time.perf_counter() - begin, count=networks.count_of(total))


main()
sys.stderr.flush()
os._exit(0)  # some of these libraries hang or crash when they clean up
