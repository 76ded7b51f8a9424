"""What is installed on a machine: files that are right for any folder's name, and nobody else's lines touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from audit.commands.schedule import command
from audit.schedule.installing import InstallError, Order
from audit.schedule.installing.crontab import lines
from audit.schedule.installing.systemd import quote, units
from audit.schedule.installing.task import NAMESPACE, Task, xml_file
from audit.schedule.reading import read_entries
from audit.study import Study
from crawler.errors import StudyError
from tests.crawler.study import make_study

NAME = """mbo's 100% "ons" $HOME & <co>"""
DAILY = '[[schedule]]\nname = "daily"\ncron = "30 2 * * *"\n'
FAKE = """#!/bin/sh
echo "{name} $*" >> "$FAKE_FOLDER/calls"
case "{name} $*" in
  "crontab -l") if [ -f "$FAKE_FOLDER/tab" ]; then cat "$FAKE_FOLDER/tab"; else exit 1; fi ;;
  "crontab -") cat > "$FAKE_FOLDER/tab" ;;
esac
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell and paths of POSIX")


def order(folder: Path, text: str = DAILY) -> Order:
    study = Study.read(make_study(folder, [("youtube", "@a"), ("linkedin", "b")], more=text))
    return Order.of(study, read_entries(study))


def ask(name: str, study: Path, *options: str) -> Result:
    return CliRunner().invoke(command, [name, str(study), *options], catch_exceptions=False)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a machine whose systemctl and crontab write down what they are asked."""
    folder = tmp_path / "machine"
    folder.mkdir()
    for name in ("systemctl", "crontab"):
        (folder / name).write_text(FAKE.format(name=name), encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("FAKE_FOLDER", str(folder))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ('cron = "30 2 * * *"', 5),
        ('cron = "32 2 * * *"', 1),
        ('cron = "*/7 2 * * *"', 1),
        ('every = "1 hour"', 5),
        ('every = "10 minutes"', 1),
    ],
)
def test_a_timer_looks_as_often_as_the_schedule_needs(tmp_path: Path, text: str, minutes: int) -> None:
    assert order(tmp_path, f'[[schedule]]\nname = "x"\n{text}\n').minutes == minutes


def test_what_no_timer_can_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="'x' is every 20 seconds; a timer looks once a minute at most"):
        order(tmp_path, '[[schedule]]\nname = "x"\nevery = "20 seconds"\n')


@posix
def test_a_folder_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="has a line break in its name"):
        order(tmp_path / "a\nb")


def test_credentials_are_named_and_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UITZICHT_YOUTUBE_API_KEY", "a-very-secret-key")
    one = order(tmp_path)
    assert one.credentials == ("UITZICHT_YOUTUBE_API_KEY", "UITZICHT_LINKEDIN_TOKEN")
    told = ["".join(units(one).values()), "\n".join(lines(one)), Task().preview(one)]
    for text in told:
        assert "UITZICHT_YOUTUBE_API_KEY, UITZICHT_LINKEDIN_TOKEN" in text
        assert "a-very-secret-key" not in text


def test_systemd_words_are_quoted() -> None:
    assert quote(r"/a b/100% $x\y") == r'"/a b/100%% $x\\y"'
    assert quote('say "x"') == r'"say \"x\""'


@posix
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_itself_finds_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for path, text in units(order(tmp_path / NAME)).items():
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    found = [str(path) for path in tmp_path.glob("uitzicht-*")]
    verify = ["systemd-analyze", "--user", "verify", "--man=no", *found]
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(verify, env=env, capture_output=True, text=True, check=False)
    assert len(found) == 2
    assert (done.returncode, done.stderr) == (0, "")


@posix
def test_a_timer_is_installed_shown_and_taken_away(tmp_path: Path, machine: Path) -> None:
    study = make_study(tmp_path / "mijn studie", [("youtube", "@a")], more=DAILY)
    shown = ask("install", study, "--show")
    assert not (machine / "config").exists()
    declined = CliRunner().invoke(command, ["install", str(study)], input="n\n")
    assert "Nothing is installed." in declined.output
    assert not (machine / "config").exists()
    ask("install", study, "--yes")
    slug = order(study).slug
    folder = machine / "config" / "systemd" / "user"
    service = (folder / f"{slug}.service").read_text(encoding="utf-8")
    assert service in shown.output
    assert f'"schedule" "run" "--once" "{study}"\n' in service
    assert "OnCalendar=*:0/5" in (folder / f"{slug}.timer").read_text(encoding="utf-8")
    ask("uninstall", study, "--yes")
    assert not list(folder.iterdir())
    calls = (machine / "calls").read_text(encoding="utf-8")
    assert f"systemctl --user enable --now {slug}.timer\n" in calls
    assert f"systemctl --user disable --now {slug}.timer\n" in calls
    assert "Nothing is installed" in ask("uninstall", study).output


@posix
def test_a_crontab_keeps_everybody_elses_lines(tmp_path: Path, machine: Path) -> None:
    theirs = "MAILTO=me\n0 5 * * * backup 100\\%\n"
    crontab = machine / "tab"
    crontab.write_text(theirs, encoding="utf-8")
    study = make_study(tmp_path / "mijn studie", [("youtube", "@a")], more=DAILY)
    ask("install", study, "--as", "cron", "--yes")
    later = "@reboot later\n"
    crontab.write_text(crontab.read_text(encoding="utf-8") + later, encoding="utf-8")
    ask("install", study, "--as", "cron", "--yes")  # replaces the first installation
    text = crontab.read_text(encoding="utf-8")
    assert text.startswith(theirs + later)
    assert text.count("# begin uitzicht-mijn-studie-") == 1
    ask("uninstall", study, "--as", "cron", "--yes")
    assert crontab.read_text(encoding="utf-8") == theirs + later


@posix
def test_the_crontab_line_calls_us_with_the_very_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "py 3%"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$UITZICHT_YOUTUBE_API_KEY" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "con fig"))
    one = order(tmp_path / NAME)
    (one.folder / "logs").mkdir()
    credentials = tmp_path / "con fig" / "uitzicht" / f"{one.slug}.env"
    credentials.parent.mkdir(parents=True)
    credentials.write_text("UITZICHT_YOUTUBE_API_KEY=geheim\n", encoding="utf-8")
    (line,) = [line for line in lines(one) if not line.startswith("#")]
    timing, given = line[: len("*/5 * * * *")], line[len("*/5 * * * * ") :]
    assert timing == "*/5 * * * *"
    assert "%" not in given.replace("\\%", "")  # cron ends a command at a bare one
    subprocess.run(["/bin/sh", "-c", given.replace("\\%", "%")], check=True, env={})
    told = (one.folder / "logs" / "schedule.log").read_text(encoding="utf-8").splitlines()
    assert told == ["geheim", "-P", "-m", "audit", "schedule", "run", "--once", str(one.folder)]


def test_a_windows_task_is_xml_in_utf_16_that_holds_the_very_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\Python & co\python.exe")
    one = order(tmp_path / "mijn studie 100% <co>")
    body = xml_file(one)
    assert body[:2] in (b"\xff\xfe", b"\xfe\xff")
    task = ET.fromstring(body.decode("utf-16"))  # noqa: S314 - our own
    found = {element.tag.removeprefix(f"{{{NAMESPACE}}}"): element.text for element in task.iter()}
    assert found["Command"] == r"C:\Program Files\Python & co\python.exe"
    assert found["Arguments"] == f'-P -m audit schedule run --once "{one.folder}"'
    assert (found["Interval"], found["MultipleInstancesPolicy"]) == ("PT5M", "IgnoreNew")
    assert found["ExecutionTimeLimit"] == "PT0S"
    ET.fromstring(Task().preview(one).split("\n\n<!--")[0])  # noqa: S314 - our own


def test_a_folder_that_windows_would_read_as_a_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="as a variable's name"):
        Task().preview(order(tmp_path / "%TEMP%"))


@posix
def test_a_command_that_fails_is_one_sentence(tmp_path: Path, machine: Path) -> None:
    (machine / "systemctl").write_text(
        "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n", encoding="utf-8"
    )
    study = make_study(tmp_path / "s", [("youtube", "@a")], more=DAILY)
    with pytest.raises(InstallError, match="daemon-reload ended with 1: Failed to connect to bus"):
        ask("install", study, "--as", "systemd", "--yes")
    assert not list((machine / "config" / "systemd" / "user").iterdir())


@posix
def test_it_is_taken_away_where_systemd_cannot_be_reached_too(tmp_path: Path, machine: Path) -> None:
    study = make_study(tmp_path / "s", [("youtube", "@a")], more=DAILY)
    ask("install", study, "--as", "systemd", "--yes")
    (machine / "systemctl").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    with pytest.raises(InstallError, match="disable"):
        ask("uninstall", study, "--as", "systemd", "--yes")
    assert not list((machine / "config" / "systemd" / "user").iterdir())


def test_a_study_without_a_schedule_says_so(tmp_path: Path) -> None:
    study = make_study(tmp_path, [("youtube", "@a")])
    with pytest.raises(StudyError, match=r"has no \[\[schedule\]\]; expected at least one"):
        ask("install", study, "--show")
