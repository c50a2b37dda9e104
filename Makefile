# Written for any make and any /bin/sh: GNU make 3.81 of macOS and BSD make included.
PYTHON ?= python3
PORT ?= 8501
VENV = .venv
PY = $(VENV)/bin/python
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))

help:
	@echo "make run     start the app on http://localhost:$(PORT) (another port: make run PORT=8600)"
	@echo "make test    style, types and every test, browser included; installs what they need"
	@echo "make quick   the tests that take seconds"
	@echo "make check   style and types only"
	@echo "make bench   measure speed"
	@echo "make llm     install and start a small language model on this machine (127 MB)"
	@echo "make record  ask it about every shipped text, and record what it says"
	@echo "make clean   remove what was installed and compiled"
	@echo "Needs Python 3.11 or newer; say which with PYTHON=..."

run: install
	@exec $(PY) -m streamlit run app.py --server.port $(PORT)

test: install-test check
	@STEPWISE_CHROMIUM="$$($(PY) -m tests.setup.chromium --install)" && export STEPWISE_CHROMIUM && $(PY) -m pytest -n 2

quick: install-test
	@$(PY) -m pytest -m "not slow and not browser"

check: install-test
	@$(PY) -m ruff check .
	@$(PY) -m mypy

llm: install
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(PY) -m pip install --quiet --disable-pip-version-check --group llm
	@exec $(PY) -m rl.llm.local_model

record: install
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(PY) -m pip install --quiet --disable-pip-version-check --group llm --group record
	@$(PY) -m rl.llm.record

bench: install
	@$(PY) -m tests.bench

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment that still works; then what requirements.txt asks for, when it has changed since the last time;
# then the compiled loops, when a source is newer than they are.
install: venv
	@cmp -s requirements.txt $(VENV)/requirements.txt || { \
	  echo "Installing what Stepwise needs (once; a minute or two) ..." && \
	  $(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
	  cp requirements.txt $(VENV)/requirements.txt; } || { \
	  echo "Installing failed; what pip said is above. Is this machine online?" >&2; exit 1; }
	@[ -f $(VENV)/compiled ] && [ -z "$$(find rl -name '*.py' -newer $(VENV)/compiled)" ] || { \
	  echo "Compiling the learning loops (once; about a minute) ..." && \
	  touch $(VENV)/compiling && $(PY) -m rl.warm && mv $(VENV)/compiling $(VENV)/compiled; }

# `--group` is what pip learned in 25.1; Debian 12 comes with 23.0.
install-test: install
	@cmp -s pyproject.toml $(VENV)/pyproject.toml || { \
	  echo "Installing what the tests need ..." && \
	  $(PY) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" && \
	  $(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt --group test && \
	  cp pyproject.toml $(VENV)/pyproject.toml; } || { \
	  echo "Installing failed; what pip said is above. Is this machine online?" >&2; exit 1; }

venv:
	@$(PY) -c "$(NEW_ENOUGH)" 2>/dev/null && $(PY) -m pip --version >/dev/null 2>&1 || { \
	  command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	    echo "Stepwise needs Python 3.11 or newer, and there is no $(PYTHON) here." \
	      "Install it, or say where it is: make run PYTHON=/path/to/python3" >&2; exit 1; }; \
	  "$(PYTHON)" -c "$(NEW_ENOUGH)" || { \
	    echo "Stepwise needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" -V 2>&1)." \
	      "Name a newer one: make run PYTHON=python3.12" >&2; exit 1; }; \
	  "$(PYTHON)" -c "import ensurepip, venv" 2>/dev/null || { \
	    echo "Python's venv module is missing." \
	      "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	  "$(PYTHON)" -m venv --clear $(VENV); }

.PHONY: help run test quick check bench llm record clean install install-test venv
