"""Every key of the chat: what it is called in the footer, and what the help says it does.

None is one that tmux (Ctrl+B) or screen (Ctrl+A) take, nor Ctrl+S, Ctrl+J or Ctrl+O, under which
many people have put something of their own there.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

EVERYWHERE: list[BindingType] = [
    Binding("f1", "help", "Help", key_display="F1", tooltip="This list"),
    Binding("f2", "library", "Library", key_display="F2", tooltip="Browse, search, mark and add papers; again: back"),
    Binding("f3", "conversations", "Chats", key_display="F3", tooltip="Kept conversations; again: back"),
    Binding("f9", "summary", "Summary", show=False, tooltip="The last summary, or a first one; again: back"),
    Binding("f8", "next_theme", "Theme", show=False, tooltip="The next theme: dark, light, high contrast"),
    Binding("ctrl+p", "command_palette", "Palette", tooltip="All actions by name", key_display="^P", priority=True),
    Binding("ctrl+c", "help_quit", "How to end", show=False, tooltip="Say how to end; copies what is selected with the mouse"),
    Binding("f10,ctrl+q", "quit", "Quit", key_display="F10", tooltip="End; conversations are kept", priority=True),
]  # fmt: skip

QUESTION: list[BindingType] = [
    Binding("enter", "send", "Send", show=False),
    Binding("shift+enter,alt+enter,ctrl+enter", "break_line", "New line", show=False),
    Binding("up", "older", "Earlier question, on the first line", show=False),
    Binding("down", "newer", "Later question, on the last line", show=False),
]  # fmt: skip

CHAT: list[BindingType] = [
    Binding("escape", "leave", "Back", tooltip="Cancel the answer; else go between question and answers"),
    Binding("f4", "toggle_evidence", "Evidence", show=False, tooltip="Show or hide the paper behind a marker"),
    Binding("ctrl+n", "new", "New", show=False, tooltip="Begin a new conversation; this one is kept"),
    Binding("r", "regenerate", "Again", tooltip="Answer this question again, with another wording"),
    Binding("e", "edit", "Edit", tooltip="Edit this question and send it again"),
    Binding("c", "copy_answer", "Copy", tooltip="Copy the answer with its sources"),
    Binding("i", "copy_citation", "Citation", show=False, tooltip="Copy the citation of the paper, or of all cited ones"),
    Binding("b", "copy_bibtex", "BibTeX", show=False, tooltip="Copy the BibTeX of the paper, or of all cited ones"),
    Binding("z", "undo", "Undo", show=False, tooltip="Bring back the answer that stood here before"),
    Binding("shift+up", "scroll_evidence(-1)", "Evidence up", show=False, tooltip="Scroll the evidence up"),
    Binding("shift+down", "scroll_evidence(1)", "Evidence down", show=False, tooltip="Scroll the evidence down"),
    Binding("o", "open_link", "Link", tooltip="Show the link of the paper, then open it"),
    Binding("s", "choose_set", "Set", show=False, tooltip="Answer from one set of papers only, or from all"),
    Binding("t", "rename", "Title", show=False, tooltip="Give the conversation another title"),
    Binding("x", "export", "Export", show=False, tooltip="Write the conversation to a Markdown, HTML, JSON or BibTeX file"),
]  # fmt: skip

ANSWERS: list[BindingType] = [
    Binding("down,right", "step(1)", "Next marker", show=False),
    Binding("up,left", "step(-1)", "Previous marker", show=False),
    Binding("pageup", "page_up", "Page up", show=False),
    Binding("pagedown", "page_down", "Page down", show=False),
    Binding("home", "first", "First answer", show=False),
    Binding("end", "last", "Last answer", show=False),
]  # fmt: skip

LIBRARY: list[BindingType] = [
    Binding("escape", "leave", "Back", tooltip="From the list to the chat; from a field to the list"),
    Binding("slash", "search", "Search", tooltip="Go to the search field"),
    Binding("space", "mark", "Mark", tooltip="Mark the paper, or take the mark away"),
    Binding("m", "mark_all", "Mark all", tooltip="Mark all papers of the list, or none if all are"),
    Binding("s", "save_set", "Save set", tooltip="Put the marked papers into a set, new or old"),
    Binding("u", "use_set", "Use set", show=False, tooltip="Answer only from the set that is chosen above"),
    Binding("y", "summarize", "Summarize", tooltip="Summarize the marked papers, a set, or what is on a topic"),
    Binding("minus", "take_out", "Take out", show=False, tooltip="Take the marked papers out of the set that is chosen above"),
    Binding("n", "rename_set", "Rename set", show=False, tooltip="Rename the set that is chosen above"),
    Binding("d", "delete_set", "Delete set", show=False, tooltip="Delete the set that is chosen above, not its papers"),
    Binding("z", "undo", "Undo", show=False, tooltip="Bring the set back that was deleted last"),
    Binding("a", "add", "Add", tooltip="Add files or a folder to your own library"),
    Binding("v", "report", "Report", show=False, tooltip="Show what was rejected of the files added last"),
    Binding("k", "stop_adding", "Stop adding", show=False, tooltip="Stop adding; what was stored stays"),
]  # fmt: skip

SUMMARY: list[BindingType] = [
    Binding("escape", "leave", "Back", tooltip="Cancel the summary; else go back"),
    Binding("n", "new", "New", tooltip="Choose papers, topic, its limit and style for another summary"),
    Binding("x", "export", "Export", tooltip="Write the summary to a Markdown, HTML, JSON, BibTeX or CSV file"),
    Binding("c", "copy", "Copy", tooltip="Copy the summary with its sources"),
    Binding("i", "copy_citation", "Citation", show=False, tooltip="Copy the citation of the paper, or of all cited ones"),
    Binding("b", "copy_bibtex", "BibTeX", show=False, tooltip="Copy the BibTeX of the paper, or of all cited ones"),
    Binding("o", "open_link", "Link", tooltip="Show the link of the paper, then open it"),
    Binding("shift+up", "scroll_evidence(-1)", "Evidence up", show=False, tooltip="Scroll the evidence up"),
    Binding("shift+down", "scroll_evidence(1)", "Evidence down", show=False, tooltip="Scroll the evidence down"),
]  # fmt: skip

PAPER_LIST: list[BindingType] = [
    Binding("up", "move(-1)", "Up", show=False),
    Binding("down", "move(1)", "Down", show=False),
    Binding("pageup", "move_page(-1)", "Page up", show=False),
    Binding("pagedown", "move_page(1)", "Page down", show=False),
    Binding("home", "move_to(0)", "First", show=False),
    Binding("end", "move_to(-1)", "Last", show=False),
]  # fmt: skip

CONVERSATIONS: list[BindingType] = [
    Binding("escape", "leave", "Back", tooltip="From the list to the chat; from the search to the list"),
    Binding("slash", "search", "Search", tooltip="Search titles, questions and answers"),
    Binding("enter", "resume", "Resume", tooltip="Go on with the conversation"),
    Binding("t", "rename", "Title", tooltip="Give it another title"),
    Binding("d", "delete", "Delete", tooltip="Delete it; z brings it back"),
    Binding("z", "undo", "Undo", tooltip="Bring back the conversation that was deleted last"),
    Binding("x", "export", "Export", tooltip="Write it to a Markdown, HTML, JSON or BibTeX file"),
]  # fmt: skip
