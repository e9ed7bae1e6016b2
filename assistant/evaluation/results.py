"""What came of each question, and the file that keeps it as soon as it is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import OutputUnwritable


@dataclass(frozen=True)
class Result:
    """One question, asked once."""

    id: str
    digest: str
    """``Question.digest``: a question that was changed is another one."""
    question: str
    group: str
    taken_away: bool
    """Whether its gold papers were hidden, so that it cannot be answered."""
    answerable: bool | None
    measures: Mapping[str, float]
    """Those that apply, by the names in ``scoring.MEASURES``."""
    refused: bool | None = None
    """``None``, like ``confidence``, if papers were looked for but no answer."""
    confidence: float | None = None
    answer: str = ""
    cited: tuple[str, ...] = ()
    """Ids in the library, in the order of the sources."""
    retrieved: tuple[tuple[str, str, float], ...] = ()
    """Id, title and score of the papers found, best first."""
    problems: tuple[str, ...] = ()
    """Citations to nothing and quotes that are not in the abstract."""
    peak_mb: float = field(default=0.0, compare=False)

    @property
    def key(self) -> tuple[str, bool]:
        """Tells this asking from all others of the same run."""
        return self.digest, self.taken_away

    @property
    def name(self) -> str:
        """The question's id, and whether its papers were taken away, for people."""
        return f"{self.id} without its papers" if self.taken_away else self.id

    def to_json(self) -> dict[str, Any]:
        """The object that is written to files."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Result:
        """Read ``to_json`` back; raises ``TypeError`` or ``ValueError`` if it is something else."""
        found = tuple((str(i), str(t), float(s)) for i, t, s in values["retrieved"])
        lists = {"cited": tuple(values["cited"]), "problems": tuple(values["problems"])}
        return cls(**(values | lists | {"retrieved": found}))


class ResultLog:
    """A file of results, one JSON object a line, that survives a kill at any moment."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> dict[tuple[str, bool], Result]:
        """The results kept so far; a last line that was cut off is taken away."""
        if not self.file.is_file():
            return {}
        with _writable(self.file):
            data = self.file.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            if len(whole) < len(data):
                with self.file.open("r+b") as stream:
                    stream.truncate(len(whole))
        results = [Result.from_json(json.loads(line)) for line in whole.splitlines() if line]
        return {result.key: result for result in results}

    def append(self, result: Result) -> None:
        """Keep one more result; it is with the operating system when this returns."""
        line = json.dumps(result.to_json()) + "\n"
        with _writable(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("ab") as stream:
                stream.write(line.encode())


@contextmanager
def _writable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputUnwritable(
            f"cannot keep the results in {file}: {error.strerror}",
            "check permissions and free disk space, or choose another folder with --work",
        ) from error
