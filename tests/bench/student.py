"""One simulated student: a WebSocket that speaks Streamlit's protocol and says what the stage would say."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.app import App

STAGE = "stepwise_stage"
SPEED = 30.0  # steps a second
AHEAD = 1.5  # seconds of playback that the stage keeps buffered (player.js)
TICK = 0.05
PATIENCE = 15.0
LARGEST = 64 * 2**20


@dataclass
class Student:
    """Plays a run on the page ``page``; ``delays`` are the seconds from each event to the stage's new data."""

    socket: ClientConnection
    page: str
    seq: int = 0
    t: float = 0.0
    t1: int = 0
    stage_id: str = ""
    fragment: str = ""
    script: str = ""
    delays: list[float] = field(default_factory=list)
    errors: int = 0

    @classmethod
    async def arrive(cls, app: App, page: str, query: str) -> Self:
        """Opens the page and waits until its stage is there."""
        url = f"ws://{app.url.removeprefix('http://')}/_stcore/stream"
        student = cls(await connect(url, subprotocols=["streamlit"], max_size=LARGEST), page)  # type: ignore[list-item]
        await student.run_page(query)
        return student

    async def run_page(self, query: str) -> None:
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.query_string = query
        await self.socket.send(message.SerializeToString())
        await self.listen_until(lambda data: True)
        self.t = float(self.t1)

    async def listen_until(self, enough: Any) -> None:
        """Reads messages up to the stage's data that is ``enough``, and on to the end of the script."""
        seen = False
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(decode=False), PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self.script = message.navigation.page_script_hash
            elif kind == "delta":
                data = self.read(message.delta)
                seen = seen or bool(data and enough(data))
            elif kind == "script_finished" and seen:
                return

    def read(self, delta: Any) -> dict[str, Any] | None:
        """Takes what a delta says about the stage, if anything, and counts error boxes."""
        element = delta.new_element
        self.errors += element.WhichOneof("type") == "exception"
        if STAGE not in element.bidi_component.component_name:
            return None
        self.stage_id, self.fragment = element.bidi_component.id, delta.fragment_id
        data: dict[str, Any] = json.loads(element.bidi_component.json or element.bidi_component.mixed.json)
        self.t1, self.seq = data["t1"], max(self.seq, data["ack"])
        return data

    async def say(self, kind: str, **extra: Any) -> None:
        """Sends an event of the stage and waits for the answer."""
        seq = self.seq + 1
        said = {"seq": seq, "kind": kind, "t": int(self.t), "playing": True, "view": "values", "speed": SPEED, **extra}
        message = BackMsg()
        state = message.rerun_script
        state.page_script_hash, state.page_name, state.fragment_id = self.script, self.page, self.fragment
        widget = state.widget_states.widgets.add()
        widget.id = f"$$STREAMLIT_INTERNAL_KEY_{self.stage_id}__events"
        widget.json_trigger_value = json.dumps([{"event": "event", "value": said}])
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await self.listen_until(lambda data: data["ack"] >= seq)
        self.delays.append(time.perf_counter() - start)

    async def play(self, seconds: float, clicks: list[tuple[float, str, dict[str, Any]]]) -> None:
        """Plays for some time; each click is (when, kind, what else the event says)."""
        start, todo, before = time.perf_counter(), list(clicks), time.perf_counter()
        while (now := time.perf_counter()) < start + seconds:
            self.t = min(float(self.t1), self.t + SPEED * (now - before))
            before = now
            if todo and now - start > todo[0][0]:
                _, kind, extra = todo.pop(0)
                await self.say(kind, **extra)
            elif self.t1 - self.t < AHEAD * SPEED:
                await self.say("more")
            await asyncio.sleep(TICK)

    async def leave(self) -> None:
        await self.socket.close()
