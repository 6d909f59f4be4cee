"""`export`: a model as ONNX."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.modelfile import save_model
from nn_core.presets import make_model


def test_the_shipped_model_is_written_for_other_programs(call, tmp_path):
    reference = pytest.importorskip("onnx.reference")
    path = tmp_path / "digits.onnx"
    (record,) = call("export", "default", "--onnx", path)
    assert record == {"onnx": str(path), "bytes": path.stat().st_size}
    (found,) = reference.ReferenceEvaluator(str(path)).run(None, {"image": np.zeros((2, 1, 28, 28), np.float32)})
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_bad_input_is_one_line_and_status_2(refused, tmp_path):
    assert "does not exist; make it first" in refused("export", "default", "--onnx", tmp_path / "none" / "f.onnx")
    other = tmp_path / "other.safetensors"
    save_model(other, make_model("blog-cnn", 0))
    other.write_bytes(other.read_bytes()[:-1])
    assert "other.safetensors" in refused("export", other, "--onnx", tmp_path / "f.onnx")
    assert not (tmp_path / "f.onnx").exists()
