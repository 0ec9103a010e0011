"""config.yaml: read whole or refused whole, with every problem in its place."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline import config, messages
from pipeline.errors import ConfigError, UnsafeSetupError

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages._Speech, "language", "en")


def load(folder: Path, text: str = "year: 2022\n", env: Mapping[str, str] | None = None) -> config.Config:
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return config.load(folder, env or {})


def refused(folder: Path, text: str, env: Mapping[str, str] | None = None) -> list[str]:
    """The problems, one a line, without the heading."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, env)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


ALL_PROBLEMS = """\
config.yaml, line 1: “language” is “fr”; it must be one of vi, en.
config.yaml, line 1: “year” is missing.
config.yaml, line 3: “scan_second” is not known. Did you mean “scan_seconds”?
config.yaml, line 4: “watching.quiet_seconds” is -1; it must be at least 0.
config.yaml, line 5: “watching.largest_megabytes” must be a whole number, not “lots”.
config.yaml, line 6: “pdf” belongs under “rendition”.
config.yaml, line 7: “rendition” must be a group of keys, on indented lines below it, not “off”.
config.yaml, line 9: “limits.cpu_seconds” must be a whole number, not “1.5”.
config.yaml, line 11: “folders.awaiting” is “a/b”: it must be the name of one subfolder, without “/” and not \
beginning with a dot.
config.yaml, line 13: “database.url” is “mysql://x”: it must begin with one of sqlite:///, postgresql://, \
postgresql+psycopg://.
config.yaml, line 15: “office.symbol” is longer than 20 characters.
""".splitlines()


def test_a_year_is_enough(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.year, settings.language, settings.root) == (2022, "vi", tmp_path)
    assert settings.folders.inbox == tmp_path / "inbox"
    assert settings.year_file == tmp_path / "years" / "2022.yaml"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/vanthu.sqlite"
    assert settings.watching.largest_megabytes == 25


def test_the_shipped_file_says_the_defaults() -> None:
    shipped = config.load(REPOSITORY, {})
    text = (REPOSITORY / "config.yaml").read_text(encoding="utf-8")
    for key in config.all_keys():
        assert f"{key.name.rpartition('.')[2]}:" in text, key.name
    defaults = config.Config.model_validate({"year": shipped.year}, context={"root": REPOSITORY})
    assert shipped == defaults


def test_folders_count_from_the_file_and_may_lie_anywhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    text = "year: 2022\nfolders:\n  inbox: ../share/in\n  archive: /srv/kho\n"
    folders = load(home, text).folders
    assert (folders.inbox, folders.archive) == (home / "../share/in", Path("/srv/kho"))


def test_an_empty_key_or_section_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path, "year: 2022\noffice:\n  symbol:\nwatching:\n") == load(tmp_path)


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.year = 2023
    with pytest.raises(ValueError, match="frozen"):
        settings.folders.inbox = tmp_path


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        "language: fr\n"
        "watching:\n"
        "  scan_second: 3\n"
        "  quiet_seconds: -1\n"
        "  largest_megabytes: lots\n"
        "  pdf: auto\n"
        "rendition: off\n"
        "limits:\n"
        "  cpu_seconds: 1.5\n"
        "folders:\n"
        "  awaiting: a/b\n"
        "database:\n"
        "  url: mysql://x\n"
        "office:\n"
        "  symbol: xxxxxxxxxxxxxxxxxxxxxxxxx\n"
    )
    assert refused(tmp_path, text) == ALL_PROBLEMS


def test_problems_are_told_in_vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages._Speech, "language", "vi")
    assert refused(tmp_path, "yaer: 2022\n") == [
        "config.yaml, dòng 1: Không có mục “yaer”. Có phải là “year” không?",
        "config.yaml, dòng 1: Thiếu mục “year”.",
    ]


def test_yaml_that_means_something_else_is_refused_with_the_rest(tmp_path: Path) -> None:
    problems = refused(tmp_path, "year: 2022\nyear: 2023\noffice: &o {}\nlanguge: vi\n")
    assert [problem.split(":")[0] for problem in problems] == [f"config.yaml, line {line}" for line in (2, 3, 4)]


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "2022\n"])
def test_a_file_that_is_no_table_of_keys_is_refused(tmp_path: Path, text: str) -> None:
    assert "key: value" in refused(tmp_path, text)[0]


def test_a_key_of_nowhere_lists_what_is_known(tmp_path: Path) -> None:
    assert refused(tmp_path, "year: 2022\nscans:\n  zzz: 1\n") == [
        (
            "config.yaml, line 3: “zzz” is not known. Known here: standard, min_dpi, wanted_dpi, text, secrecy, "
            "text_seconds."
        )
    ]


def test_a_folder_without_the_file_is_no_working_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="vanthu init"):
        config.load(tmp_path, {})


# --------------------------------------------------------------------------------------------------- environment


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    env = {
        "VANTHU_YEAR": "2023",
        "VANTHU_LANG": "en",
        "VANTHU_WATCHING__SCAN_SECONDS": "0.5",
        "VANTHU_WATCHING__EVENTS": "false",
        "VANTHU_FOLDERS__INBOX": "in",
        "HOME": "/root",
    }
    settings = load(tmp_path, "year: 2022\nwatching:\n  scan_seconds: 9\n", env)
    assert (settings.year, settings.language) == (2023, "en")
    assert (settings.watching.scan_seconds, settings.watching.events) == (0.5, False)
    assert settings.folders.inbox == tmp_path / "in"


def test_every_key_can_be_overridden(tmp_path: Path) -> None:
    for key in config.all_keys():
        value = {"year": "2023", "database.url": "sqlite:///x"}.get(key.name, key.default.strip('"'))
        load(tmp_path, "year: 2022\n", {key.variable: value})


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    env = {"VANTHU_SCANS__MIN_DPI": "fine", "VANTHU_SCAN__MIN_DPI": "300", "VANTHU_YAER": "2022"}
    assert refused(tmp_path, "year: 2022\n", env) == [
        "VANTHU_SCANS__MIN_DPI: “scans.min_dpi” must be a whole number, not “fine”.",
        "VANTHU_SCAN__MIN_DPI: “VANTHU_SCAN__MIN_DPI” is not known. Did you mean “VANTHU_SCANS__MIN_DPI”?",
        "VANTHU_YAER: “VANTHU_YAER” is not known. Did you mean “VANTHU_YEAR”?",
    ]


def test_variables_of_other_purposes_are_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, env={"VANTHU_TEST_POSTGRES": "x", "OTHER__KEY": "1"}) == load(tmp_path)


# -------------------------------------------------------------------------------------------------- unsafe set-ups


@pytest.mark.parametrize(
    ("folders", "words"),
    [
        ("inbox: outbox/in", ["folders.inbox", "folders.outbox"]),
        ("outbox: inbox", ["folders.inbox", "folders.outbox"]),
        ("archive: inbox/kho", ["folders.inbox", "folders.archive"]),
        ("var: outbox/var", ["folders.outbox", "folders.var"]),
        ("spool: inbox/kho-tep", ["folders.inbox", "folders.spool"]),
        ("templates: inbox/../inbox/t", ["folders.inbox", "folders.templates"]),
        ("inbox: .", ["folders.inbox", "contains the whole working folder"]),
        ("archive: /", ["folders.archive", "contains the whole working folder"]),
        ("register_book: Cho-Ky", ["folders.awaiting", "folders.register_book"]),
        (f"inbox: {REPOSITORY}/pipeline/in", ["folders.inbox", "the program itself"]),
    ],
)
def test_folders_in_which_documents_could_be_lost_are_refused(tmp_path: Path, folders: str, words: list[str]) -> None:
    with pytest.raises(UnsafeSetupError) as caught:
        load(tmp_path, f"year: 2022\nfolders:\n  {folders}\n")
    for word in words:
        assert word in str(caught.value)


def test_folders_that_meet_through_a_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "outbox").symlink_to("inbox")
    with pytest.raises(UnsafeSetupError, match=r"folders\.outbox"):
        load(tmp_path)


def test_a_database_where_people_drop_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSetupError, match=r"folders\.outbox"):
        load(tmp_path, "year: 2022\ndatabase:\n  url: sqlite:///outbox/x.sqlite\n")


def test_folders_with_names_alike_are_no_overlap(tmp_path: Path) -> None:
    load(tmp_path, "year: 2022\nfolders:\n  inbox: box\n  outbox: box2\n")


# --------------------------------------------------------------------------------------------------------- showing


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("folders: {spool: kho}\nobject_store: {spool: 's3://kho/a'}", "leave one empty"),
        ("object_store: {spool: 's3://kho/a', archive: 's3://kho/a'}", "within one another"),
        ("object_store: {spool: 's3://kho/a/b', archive: 's3://kho/a/'}", "within one another"),
        ("object_store: {spool: 's3://kho', archive: 's3://kho/a'}", "within one another"),
    ],
)
def test_a_store_that_is_meant_for_two_things_is_refused(tmp_path: Path, lines: str, word: str) -> None:
    with pytest.raises(UnsafeSetupError, match=word):
        load(tmp_path, f"year: 2022\n{lines}\n")


def test_prefixes_with_names_alike_are_no_overlap(tmp_path: Path) -> None:
    settings = load(tmp_path, "year: 2022\nobject_store: {spool: 's3://kho/a', archive: 's3://kho/ab/'}\n")
    assert (settings.object_store.spool, settings.object_store.archive) == ("s3://kho/a", "s3://kho/ab")


@pytest.mark.parametrize("url", ["kho", "s3://", "s3://Kho/a", "s3://kho/../a", "s3://key:secret@kho/a", "gs://kho"])
def test_what_names_no_bucket_is_told_with_its_line(tmp_path: Path, url: str) -> None:
    (told,) = refused(tmp_path, f"year: 2022\nobject_store:\n  spool: '{url}'\n")
    assert told.startswith("config.yaml, line 3:")
    assert "s3://bucket/prefix" in told


@pytest.mark.parametrize("url", ["kho.vn", "ftp://kho.vn", "https://key:secret@kho.vn", "https://"])
def test_what_is_no_address_of_a_store_is_told(tmp_path: Path, url: str) -> None:
    (told,) = refused(tmp_path, f"year: 2022\nobject_store: {{endpoint: '{url}'}}\n")
    assert "https://s3.example.vn:8333" in told


def test_a_relative_database_counts_from_the_working_folder(tmp_path: Path) -> None:
    settings = load(tmp_path, "year: 2022\ndatabase:\n  url: sqlite:///so/x.sqlite\n")
    assert settings.database_url == f"sqlite:///{tmp_path}/so/x.sqlite"


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, "year: 2022\ndatabase:\n  url: postgresql+psycopg://clerk:s3cret@db/vanthu\n")
    assert settings.database_url.endswith("clerk:s3cret@db/vanthu")
    assert settings.as_values()["database"] == {"url": "postgresql+psycopg://clerk:***@db/vanthu"}
    assert "s3cret" not in str(settings.as_values())


def test_every_key_is_described() -> None:
    for key in config.all_keys():
        assert key.description.endswith("."), key.name
        assert key.variable.isupper()
    assert len({key.name for key in config.all_keys()}) == len(config.all_keys())
