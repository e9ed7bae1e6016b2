"""Options of several commands: which papers they are about, and which model writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.filters import Filters

YearOption = Annotated[
    str | None,
    typer.Option(
        "--year",
        metavar="YEARS",
        help="Only papers of 2019, 2019-2023, 2019- or -2023; those without a year are left out.",
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only papers from this file; may be repeated."),
]
AuthorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--author",
        metavar="NAME",
        help="Only papers by this author, accents aside; repeated: by all of them together.",
    ),
]
SetOption = Annotated[str | None, typer.Option("--set", help="Only the papers of this set.")]


EndpointOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="OpenAI-compatible server whose model writes; with an empty one the local model does.",
    ),
]
ModelOption = Annotated[
    str | None, typer.Option(help="Known model or GGUF file; with an endpoint, one of its models.")
]


def chosen(
    year: str | None, source: list[str] | None, author: list[str] | None, set_name: str | None
) -> Filters:
    """What the options ask of a paper.

    Raises ``UsageError`` for years that are none and names without a letter or digit.
    """
    from assistant.filters import Filters, parse_years

    for option, names in (("--source", source), ("--author", author)):
        for name in names or []:
            if not any(map(str.isalnum, name)):
                raise UsageError(
                    f"{option} names nothing",
                    "assistant list --json prints the sources and authors",
                )
    years = (None, None) if year is None else parse_years(year)
    return Filters(years, tuple(source or ()), tuple(author or ()), set_name)
