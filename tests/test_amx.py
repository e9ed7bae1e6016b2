import llama_cpp.llama_cpp
import pytest

from assistant import amx


@pytest.mark.parametrize(("flags", "extra"), [("fpu amx_tile amx_int8", False), ("fpu avx2", True)])
def test_models_are_loaded_into_plain_buffers_where_there_is_amx(
    tmp_path, monkeypatch, flags, extra
):
    monkeypatch.setattr(amx, "CPU_INFO", tmp_path / "cpuinfo")
    amx.CPU_INFO.write_text(f"processor : 0\nflags : {flags}\n")
    before = llama_cpp.llama_cpp.llama_model_default_params
    with amx.avoided():
        parameters = llama_cpp.llama_cpp.llama_model_default_params()
        assert parameters.use_extra_bufts is extra
    assert llama_cpp.llama_cpp.llama_model_default_params is before


def test_where_nothing_tells_nothing_is_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(amx, "CPU_INFO", tmp_path / "missing")
    assert not amx.has_amx()
