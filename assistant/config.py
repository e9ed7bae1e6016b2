"""Settings and places: flag > environment > config file > default."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from assistant.errors import AssistantError, LibraryUnwritable, UsageError

_APP = "paper-assistant"
WAYS_OF_WRITING = ("auto", "paragraphs", "sentences")


def _default_threads() -> int:
    return max(1, (os.cpu_count() or 2) - 1)


@dataclass(frozen=True)
class Config:
    """Everything a user can set; the field names are the keys of the config file."""

    library: str = ""
    """Folder of the library; empty means the user's own default library."""
    model: str = "smollm2-135m-instruct"
    """A name from the catalogue or the path of a GGUF file."""
    endpoint: str = ""
    """URL of an OpenAI-compatible server that writes instead of ``model``; empty for none."""
    endpoint_model: str = ""
    """Name of the model there; empty for the first that the server lists."""
    encoder: str = "all-minilm-l6-v2"
    """A name from the catalogue or the folder of a sentence-transformers model."""
    reranker: str = ""
    """Folder of a cross-encoder that orders the papers found; empty for none."""
    thesaurus: str = ""
    """A file of your own words and the terms they stand for, beside those of the program."""
    entailment: str = ""
    """Folder of a cross-encoder that has to find each reworded sentence in its evidence."""
    threads: int = _default_threads()
    """Threads for the language model; all cores at once is slower than one fewer."""
    context: int = 2048
    """Tokens of context the language model is given."""
    papers: int = 5
    """How many papers a question may draw on."""
    sentences: int = 4
    """The most sentences an answer has; four more where the question asks about several papers."""
    least_confidence: float = 0.22
    """Below this probability, 0 to 1, that the library answers a question, it is refused."""
    seed: int = 0
    """Seed of the language model's sampler."""
    writing: str = "auto"
    """``paragraphs``: the model writes an answer as a whole; ``sentences``: one after another;
    ``auto``: as a whole if ``assistant models check`` found that it does so well."""

    def __post_init__(self) -> None:
        """Raises ``UsageError`` for an unknown way of writing or an endpoint that is no address."""
        if self.endpoint:
            _check_endpoint(self.endpoint)
        if self.writing not in WAYS_OF_WRITING:
            raise UsageError(
                f"the setting writing is {self.writing!r}",
                f"it must be one of: {', '.join(WAYS_OF_WRITING)}",
            )

    def laid_over(self, **flags: Any) -> Config:
        """These settings with others in their place; those that are ``None`` were not given.

        With an endpoint, ``model`` names one of its models.
        """
        given = {name: value for name, value in flags.items() if value is not None}
        if "model" in given and given.get("endpoint", self.endpoint):
            given["endpoint_model"] = given.pop("model")
        return replace(self, **given)


def data_dir() -> Path:
    """Where libraries live unless a path is given."""
    return Path(os.environ.get("ASSISTANT_DATA") or platformdirs.user_data_dir(_APP))


def cache_dir() -> Path:
    """Where files live that can be made again: the requantised model, the exported encoder."""
    return Path(os.environ.get("ASSISTANT_CACHE") or platformdirs.user_cache_dir(_APP))


def config_file() -> Path:
    """The user's config file; it need not exist."""
    named = os.environ.get("ASSISTANT_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir(_APP)) / "config.toml"


def default_library() -> Path:
    """The library that commands use when none is named."""
    return data_dir() / "library"


def own_library(settings: Config) -> Path:
    """The folder of the library that is meant by the settings; it need not exist."""
    return Path(settings.library).expanduser() if settings.library else default_library()


def load(path: Path | None = None, **flags: Any) -> Config:
    """The settings in force.

    ``flags`` are command-line values; those that are ``None`` were not given. Where there is an
    endpoint, the flag ``model`` names one of its models.
    Raises ``UsageError`` for an unreadable file, an unknown key or a wrong value.
    """
    config = Config()
    path = path or config_file()
    if path.exists():
        config = replace(config, **checked_settings(_read(path), str(path)))
    elif flags.get("config_required"):
        raise UsageError(f"config file {path} does not exist", "check the path after --config")
    flags.pop("config_required", None)
    environment = {
        field.name: value
        for field in fields(Config)
        if (value := os.environ.get(f"ASSISTANT_{field.name.upper()}"))
    }
    config = replace(config, **checked_settings(environment, "environment", from_text=True))
    return config.laid_over(**flags)


def save(key: str, value: str | int, path: Path | None = None) -> Path:
    """Set one key in the config file, keeping the rest of it, and return its path."""
    import tomlkit

    path = path or config_file()
    if path.exists():
        _read(path)
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    document[key] = value
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomlkit.dumps(document), "utf-8")
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot write the config file {path}: {error.strerror}",
            "point ASSISTANT_CONFIG at a file you may write",
        ) from error
    return path


def package_data(name: str) -> Path:
    """A file of ``prompts/`` or ``models/``: inside the wheel, or in the checkout.

    Raises ``AssistantError`` if the installation lacks it.
    """
    here = Path(__file__).parent
    for base in (here / "_data", here.parent):
        if (base / name).exists():
            return base / name
    raise AssistantError(
        f"the installation lacks {name}", "reinstall it: pip install --force-reinstall ."
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"cannot read the config file {path}: {error}", "mend or remove it"
        ) from error


def _check_endpoint(url: str) -> None:
    """The URL is not repeated in the message: it may hold a password."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or any(map(str.isspace, url)):
        raise UsageError("the endpoint is no web address", "example: http://127.0.0.1:8080/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            "the endpoint holds more than an address",
            "leave out user, password and query; its key is read from ASSISTANT_ENDPOINT_KEY",
        )


def _number(text: str) -> int | float | str:
    """The number that a text names, or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def checked_settings(
    values: dict[str, Any], origin: str, *, from_text: bool = False
) -> dict[str, Any]:
    """The values by key, each of its setting's type; raises ``UsageError`` for others."""
    known = {field.name: type(field.default) for field in fields(Config)}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
            if key.endswith("key"):
                hint = "the key of an endpoint is only read from ASSISTANT_ENDPOINT_KEY"
            raise UsageError(f"unknown setting {key!r} in {origin}", hint)
        wanted = known[key]
        if from_text and wanted is not str:
            value = _number(value)
        if wanted is float and type(value) is int:
            value = float(value)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise UsageError(
                f"setting {key!r} in {origin} is {value!r}", f"it must be a {wanted.__name__}"
            )
        if isinstance(value, float) and not 0 <= value <= 1:
            raise UsageError(f"setting {key!r} in {origin} is {value}", "it must be from 0 to 1")
        if isinstance(value, int) and value < (0 if key == "seed" else 1):
            raise UsageError(f"setting {key!r} in {origin} is {value}", "it must be at least 1")
        checked[key] = value
    return checked
