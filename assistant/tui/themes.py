"""The colours: dark, light, and both with high contrast; text has a contrast of 4.5:1 or more."""

from __future__ import annotations

from textual.theme import Theme

DEFAULT = "dark"

THEMES = (
    Theme(
        name="dark",
        dark=True,
        primary="#8ab4f8",
        secondary="#b8c4d6",
        accent="#f2b866",
        foreground="#e6e6e6",
        background="#15181e",
        surface="#1b1f27",
        panel="#252a34",
        success="#8fd19e",
        warning="#f2c46d",
        error="#ff9a91",
        variables={"text-muted": "#a9b1bf", "border": "#8ab4f8", "border-blurred": "#4a5364"},
    ),
    Theme(
        name="light",
        dark=False,
        primary="#0b4fa8",
        secondary="#3d4a5c",
        accent="#8a4b00",
        foreground="#1c1f24",
        background="#fbfaf7",
        surface="#f2f0ea",
        panel="#e6e3da",
        success="#15602e",
        warning="#7a4b00",
        error="#a31515",
        variables={"text-muted": "#515964", "border": "#0b4fa8", "border-blurred": "#9aa1ab"},
    ),
    Theme(
        name="high-contrast-dark",
        dark=True,
        primary="#ffff00",
        secondary="#ffffff",
        accent="#00ffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1a1a1a",
        success="#00ff66",
        warning="#ffff00",
        error="#ff9d9d",
        variables={"text-muted": "#ffffff", "border": "#ffff00", "border-blurred": "#ffffff"},
    ),
    Theme(
        name="high-contrast-light",
        dark=False,
        primary="#00008b",
        secondary="#000000",
        accent="#5a0066",
        foreground="#000000",
        background="#ffffff",
        surface="#ffffff",
        panel="#ececec",
        success="#00470f",
        warning="#5c2e00",
        error="#8b0000",
        variables={"text-muted": "#000000", "border": "#00008b", "border-blurred": "#000000"},
    ),
)
