"""`data` and `bench`."""

from __future__ import annotations

from cli import main


def test_data_tells_the_folder_and_what_is_in_it(call, tiny):
    (told,) = call("data", "--data-dir", tiny)
    assert told["folder"] == str(tiny)
    assert told["datasets"] == {"tiny": str(tiny / "tiny")}


def test_data_tells_people_how_to_get_mnist(capsys, tiny):
    assert main(["data", "--data-dir", str(tiny)]) == 0
    said = capsys.readouterr()
    assert "strokes" in said.out
    assert "--fetch" in said.err


def test_fetching_from_a_mirror_that_is_none_is_refused(refused, tmp_path):
    assert "http" in refused("data", "--fetch", "--mirror", "ftp://x/", "--data-dir", tmp_path)
    assert "'http://[x'" in refused("data", "--fetch", "--mirror", "http://[x", "--data-dir", tmp_path)


def test_bench_measures_what_its_peer_measures(call, tiny):
    (found,) = call(
        "bench", "--preset", "mlp-300", "--batch", 32, "--threads", 1, "--seconds", 0.05,
        "--dataset", "tiny", "--data-dir", tiny,
    )  # fmt: skip
    assert list(found) == [
        "preset", "batch", "threads", "train_images_per_s", "infer_images_per_s", "latency_ms_p50", "latency_ms_p99",
    ]  # fmt: skip
    assert found["train_images_per_s"] > 0
    assert found["latency_ms_p50"] <= found["latency_ms_p99"]
