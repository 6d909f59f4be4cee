# `make run` and `make test` do all the set-up there is: a virtual environment in .venv, the pinned packages, and the
# system libraries that Qt needs. Stamps in .venv remember what is done; each is redone when what it was made from changes.

VENV    := .venv
PY      := $(VENV)/bin/python
INSTALL := $(PY) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
WORKERS ?= 2
STROKES ?= ../shared/strokes/dev.npz
# The instructions of every x86-64 processor since 2013 (AVX2), and no later ones: wider units add up in another order,
# and what is trained for two hours would end with other bits on another processor.
ANYWHERE := OPENBLAS_CORETYPE=Haswell NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"

.PHONY: run test test-peers lint bench model strokes doubt clean
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@$(PY) scripts/system_libraries.py
	@scripts/run $(PY)

test: $(VENV)/dev.stamp
	@$(PY) scripts/system_libraries.py
	$(PY) -m pytest -n $(WORKERS)

# The tests that compare with PyTorch, live. Its wheel is gigabytes on most machines, so `make test` does without.
test-peers: $(VENV)/peers.stamp
	@$(PY) scripts/system_libraries.py
	$(PY) -m pytest -n $(WORKERS) -m peers

lint: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(VENV)/peers.stamp
	@$(PY) scripts/system_libraries.py
	$(PY) -m benchmarks

# Train by the recipe of the model that ships, and the only one: the same bits each time. MNIST must be in the data folder.
model: $(VENV)/run.stamp
	$(ANYWHERE) $(PY) main.py train --recipe digitscope-taught --out resources/default.safetensors

# Replay real handwriting through the window: the figures that the README quotes.
strokes: $(VENV)/run.stamp
	@$(PY) scripts/system_libraries.py
	$(PY) main.py strokes $(STROKES) --others

# Train the network that tells digits from other drawings: the same bits each time, as above.
doubt: $(VENV)/run.stamp
	$(ANYWHERE) $(PY) main.py doubt --out resources/doubt.safetensors

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created.stamp:
	@python=$$(scripts/find-python) && rm -rf $(VENV) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/created.stamp constraints.txt pyproject.toml
	@echo "Installing what Digitscope needs to run"
	@$(INSTALL) setuptools
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "Installing what its tests need"
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $@

$(VENV)/peers.stamp: $(VENV)/dev.stamp
	@echo "Installing PyTorch, to compare with"
	@$(INSTALL) torch==2.13.0
	@touch $@
