"""``assistant models``: which language models there are and which one writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant import config
from assistant.cli import check
from assistant.cli.session import notice, print_json, session
from assistant.config import Config
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.catalog import KnownModel

app = typer.Typer(
    help="Choose the language model: list, pull, add, check, use, info, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list", epilog="Example: assistant models list")
def list_models(context: typer.Context, json_output: JsonOption = False) -> None:
    """List the known models and whether they are on this computer."""
    from assistant.catalog import named_models

    settings = session(context).config()
    known = named_models()
    rows = [_facts(known[name]) for name in known]
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
    elif settings.model not in known:
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


app.command("check", epilog="Example: assistant models check qwen2.5-1.5b-instruct")(check.check)


@app.command(
    "add", epilog="Example: assistant models add ~/models/Qwen2.5-3B-Q4_K_M.gguf --name qwen"
)
def add(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="Path of a GGUF file, or OWNER/REPOSITORY/FILE.gguf once pulled.")
    ],
    name: Annotated[
        str | None, typer.Option(help="How to call it; without it as the file is called.")
    ] = None,
) -> None:
    """Give a GGUF file of yours a short name; the file stays where it is."""
    from assistant import registering

    known, has_template = registering.register(model, name)
    typer.echo(f"{known.file} is known as {known.name}.")
    typer.echo(f"Measure what it can, then write with it: assistant models check {known.name}")
    if not has_template:
        notice("assistant: it has no chat template; ChatML is taken, which it may not know.")


@app.command("remove", epilog="Example: assistant models remove qwen2.5-1.5b-instruct")
def remove(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="As it was pulled, or the name it was given.")],
) -> None:
    """Delete a model that was pulled, or forget one that was added; its file is then kept."""
    from assistant import catalog, pulling, registering

    if known := catalog.registered_models().get(model):
        registering.forget(model, session(context).config().model)
        typer.echo(f"{model} is forgotten; the file {known.file} is untouched.")
        return
    typer.echo(f"{pulling.remove(model, session(context).config().model)} is deleted.")


@app.command("info", epilog="Example: assistant models info smollm2-135m-instruct")
def info(
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(help="The one in use without it.")] = None,
    json_output: JsonOption = False,
) -> None:
    """Show what is known about a model."""
    from assistant import catalog
    from assistant.fingerprint import remembered_sha256
    from assistant.measured import writes_paragraphs
    from assistant.model_files import manner

    settings = session(context).config()
    name = model or settings.model
    if settings.endpoint and not model:
        facts = _of_endpoint(settings)
    elif known := catalog.named_models().get(name):
        facts = _facts(known)
    else:
        from assistant.gguf import check_gguf

        path, _ = catalog.find(name, "writer")
        check_gguf(path)
        facts = {"name": path.stem, "path": str(path), "size_mb": path.stat().st_size // 10**6}
    if facts.get("path") and facts.get("role") != "encoder":
        digest = facts.get("sha256") or remembered_sha256(Path(facts["path"]))
        writes_freely, how = manner(facts["name"], digest)
        facts |= {"sha256": digest, "writes_freely": writes_freely, "manner": how or None}
        facts["writes_paragraphs"] = writes_paragraphs(digest)
    if json_output:
        print_json(facts)
        return
    for key, value in facts.items():
        if value is not None:
            typer.echo(f"{key:17} {safe(str(value))}")


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


def _facts(known: KnownModel) -> dict[str, Any]:
    path = known.path()
    return vars(known) | {"path": str(path) if path else None}
