"""Writes what one engine of the bench reads, once:

    prepare.py released WEIGHTS.pth
    prepare.py onnx MODEL WEIGHTS PICTURE OUT.onnx
    prepare.py onnx-int8 IN.onnx OUT.onnx PICTURE...
    prepare.py openvino-int8 IN.onnx OUT.xml PICTURE...

The pictures of the last two calibrate; they are of the size that is measured.
"""
import os
import sys
from pathlib import Path

import networks


def write_released(out):
    import torch
    from hmode import Hmode

    net = Hmode().eval()
    net.fill(1)
    torch.save(net.state_dict(), out)


def export_onnx(model, weights, picture, out):
    import torch

    net = networks.load(model, weights)
    image = torch.from_numpy(networks.normalised(picture))
    with torch.no_grad():
        torch.onnx.export(net, (image,), out, input_names=["image"], output_names=["map"], dynamo=True,
                          external_data=False, verbose=False)


def quantise_onnx(source, out, *pictures):
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Pictures(CalibrationDataReader):
        def __init__(self):
            self.left = list(pictures)

        def get_next(self):
            return {"image": networks.normalised(self.left.pop())} if self.left else None

    plain = Path(out).with_suffix(".folded.onnx")
    quant_pre_process(source, str(plain), skip_symbolic_shape=True)
    quantize_static(str(plain), out, Pictures(), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    plain.unlink()


def quantise_openvino(source, out, *pictures):
    import nncf
    import openvino

    net = openvino.Core().read_model(source)
    data = nncf.Dataset(list(pictures), networks.normalised)
    openvino.save_model(nncf.quantize(net, data, subset_size=len(pictures)), out, compress_to_fp16=False)


if __name__ == "__main__":
    step, arguments = sys.argv[1], sys.argv[2:]
    steps = {"released": write_released, "onnx": export_onnx, "onnx-int8": quantise_onnx,
             "openvino-int8": quantise_openvino}
    steps[step](*arguments)
    sys.stdout.flush()
    os._exit(0)  # some of these libraries hang or crash when they clean up
