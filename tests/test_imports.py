"""What the light commands may load, shown in fresh processes."""

import subprocess
import sys

HEAVY = (
    "torch",
    "sentence_transformers",
    "chromadb",
    "llama_cpp",
    "openai",
    "textual",
    "onnxruntime",
    "scipy",
)


LIGHT = [
    *(["--help"], ["--version"], ["ask", "--help"]),
    *(["eval", "--help"], ["models", "list"], ["list"]),
]


def test_the_package_and_light_commands_load_nothing_heavy():
    code = (
        "import sys, assistant\n"
        f"def heavy(): return [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print([], heavy(), 0, file=sys.stderr)\n"
        "from assistant.cli import main\n"
        f"for arguments in {LIGHT!r}:\n"
        "    sys.argv = ['assistant', *arguments]\n"
        "    try:\n        main()\n    except SystemExit as stop:\n        code = stop.code or 0\n"
        "    print(arguments, heavy(), code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600
    )
    said = [line for line in done.stderr.splitlines() if line.startswith("[")]
    assert said == [f"{arguments} [] 0" for arguments in [[], *LIGHT]]


def test_the_chat_leaves_everything_native_to_the_engine():
    names = [*(name for name in HEAVY if name != "textual"), "numpy", "tokenizers"]
    code = f"import sys, assistant.tui.app; print([n for n in {names!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_sentences_are_split_without_the_rest_of_nltk():
    code = (
        "import sys\n"
        "from assistant.sentences import split_sentences\n"
        "assert split_sentences('It works. It is e.g. new.') == [(0, 9), (10, 25)]\n"
        "print([n for n in ('nltk', 'scipy', 'sklearn', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
