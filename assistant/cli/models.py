"""``assistant models``: which language models there are and which one writes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from assistant import config
from assistant.cli.session import notice, print_json, session
from assistant.config import Config
from assistant.terminal import safe

app = typer.Typer(
    help="Choose the language model: list, pull, use, info, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list", epilog="Example: assistant models list")
def list_models(context: typer.Context, json_output: JsonOption = False) -> None:
    """List the known models and whether they are on this computer."""
    from assistant.catalog import known_models

    settings = session(context).config()
    rows = [_facts(name) for name in known_models()]
    for row in rows:
        writer = "" if settings.endpoint else settings.model
        row["in_use"] = row["name"] in (writer, settings.encoder)
    if json_output:
        print_json(rows)
        return
    for row in rows:
        mark = "*" if row["in_use"] else " "
        here = "here" if row["path"] else "not here"
        size = f"{row['size_mb']:5} MB"
        typer.echo(f"{mark} {row['name']:26} {row['role']:8} {size}  {here:8}  {row['good_for']}")
    if settings.endpoint:
        typer.echo(f"* {settings.endpoint}")
    elif settings.model not in known_models():
        typer.echo(f"* {settings.model}")


@app.command("use", epilog="Example: assistant models use ~/models/Qwen2.5-3B-Instruct-Q4_K_M.gguf")
def use(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="Known name, or path of a GGUF file.")],
) -> None:
    """Make a model the one that writes from now on."""
    from assistant import catalog
    from assistant.gguf import check_gguf

    path, known = catalog.find(model, "writer")
    check_gguf(path)
    file = config.save("model", known.name if known else str(path), session(context).config_option)
    typer.echo(f"{known.name if known else path} writes from now on (set in {file}).")
    if endpoint := session(context).config().endpoint:
        notice(f"But while the setting endpoint is {endpoint}, that server's model writes.")


@app.command("pull", epilog="Example: assistant models pull qwen2.5-1.5b-instruct")
def pull(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="Known name, or OWNER/REPOSITORY/FILE.gguf.")],
) -> None:
    """Download a model from the Hugging Face hub.

    A download that was stopped is continued, and its checksum compared.
    HF_ENDPOINT names another hub, HF_TOKEN who asks.
    """
    from assistant import catalog, pulling

    path = pulling.pull(model, session(context).reporter)
    name = model if model in catalog.known_models() else path
    typer.echo(f"{path} is here and whole. Write with it: assistant models use {name}")


@app.command("remove", epilog="Example: assistant models remove qwen2.5-1.5b-instruct")
def remove(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="As it was pulled.")],
) -> None:
    """Delete a model that was pulled."""
    from assistant import pulling

    typer.echo(f"{pulling.remove(model, session(context).config().model)} is deleted.")


@app.command("info", epilog="Example: assistant models info smollm2-135m-instruct")
def info(
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(help="The one in use without it.")] = None,
    json_output: JsonOption = False,
) -> None:
    """Show what is known about a model."""
    from assistant import catalog

    settings = session(context).config()
    name = model or settings.model
    if settings.endpoint and not model:
        facts = _of_endpoint(settings)
    elif name in catalog.known_models():
        facts = _facts(name)
    else:
        from assistant.gguf import check_gguf

        path, _ = catalog.find(name, "writer")
        check_gguf(path)
        facts = {"name": path.stem, "path": str(path), "size_mb": path.stat().st_size // 10**6}
    if json_output:
        print_json(facts)
        return
    for key, value in facts.items():
        if value is not None:
            typer.echo(f"{key:11} {safe(str(value))}")


def _of_endpoint(settings: Config) -> dict[str, Any]:
    from assistant.endpoint import RemoteModel
    from assistant.server import key_variable

    model = RemoteModel(settings.endpoint, settings.endpoint_model)
    model.close()
    return {
        "name": model.name,
        "endpoint": model.identity["endpoint"],
        "models": ", ".join(model.models),
        "key": key_variable() or "none",
    }


def _facts(name: str) -> dict[str, Any]:
    from assistant.catalog import known_models

    known = known_models()[name]
    path = known.path()
    return vars(known) | {"path": str(path) if path else None}
