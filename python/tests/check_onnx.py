"""Says how far the actions of an ONNX model are from others, for the same observations.

    python check_onnx.py MODEL OBSERVATIONS ACTIONS        (the latter two as float64 in memory)
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

model, observations, actions = sys.argv[1:]
loaded = onnx.load(model)
onnx.checker.check_model(loaded, full_check=True)
told = {prop.key: prop.value for prop in loaded.metadata_props}
features, numbers = json.loads(told["observation.names"]), json.loads(told["action.names"])
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
seen = np.fromfile(observations, "<f8").reshape(-1, len(features))
[decided] = session.run(["action"], {"observation": seen})
expected = np.fromfile(actions, "<f8").reshape(-1, len(numbers))
assert decided.shape == expected.shape, (decided.shape, expected.shape)
farthest = float(np.abs(decided - expected).max())
print(json.dumps({"rows": len(seen), "farthest": farthest, "metadata": told}))
