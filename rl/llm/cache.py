"""Answers that were paid for once, in SQLite: the same question to the same model gets the same answer."""

import json
from hashlib import sha256
from threading import Lock

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from rl.llm.evaluation import OK, Evaluation
from rl.llm.prompt import VERSION, Messages

IN_MEMORY = "sqlite://"
_tables = sql.MetaData()
_answers = sql.Table(
    "answers", _tables,
    sql.Column("question", sql.String(64), primary_key=True),
    sql.Column("score", sql.Float, nullable=False),
    sql.Column("confidence", sql.Float),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("source", sql.Text, nullable=False),
)


def key_of(base: str, model: str, messages: Messages) -> str:
    """Returns the name of a question: endpoint, model, version of the prompt and messages; nothing secret is in it."""
    return sha256(json.dumps([base, model, VERSION, messages], sort_keys=True).encode()).hexdigest()


class Cache:
    """Valid answers by question. Where the database cannot be used, ``trouble`` says so and nothing is remembered."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        self.trouble = ""
        self._lock = Lock()
        memory = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if url == IN_MEMORY else {}
        self._engine = sql.create_engine(url, **memory)
        try:
            _tables.create_all(self._engine)
        except SQLAlchemyError:
            self._give_up()

    def get(self, question: str) -> Evaluation | None:
        """Returns an answer that was given before, or None."""
        try:
            with self._lock, self._engine.connect() as database:
                row = database.execute(sql.select(_answers).where(_answers.c.question == question)).first()
            if row is not None:
                return Evaluation(OK, row.score, row.confidence, row.reason, row.source, cached=True)
        except (SQLAlchemyError, ValueError, TypeError):
            self._give_up()
        return None

    def put(self, question: str, answer: Evaluation) -> None:
        """Remembers an answer; what is none is not worth remembering."""
        if answer.status != OK:
            return
        row = {"question": question, "score": answer.score, "confidence": answer.confidence, "reason": answer.reason,
               "source": answer.source}
        try:
            with self._lock, self._engine.begin() as database:
                database.execute(sql.delete(_answers).where(_answers.c.question == question))
                database.execute(sql.insert(_answers).values(**row))
        except SQLAlchemyError:
            self._give_up()

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    def _give_up(self) -> None:
        self.trouble = "Answers are not being remembered: the cache cannot be read or written."
