"""gcalcli, Google Calendar on the command line, as it is: a program of its own, hosts built in."""

import os
import pathlib
import pickle
import re
import subprocess
import sys

import pytest
from google.oauth2.credentials import Credentials

import browsing
from calls import add, add_calendar, all_day, everything, summaries, timed
from local_google import BINARY, INSTALLED, fixed_token

PROGRAM = str(pathlib.Path(sys.executable).parent / "gcalcli")
DAY = ["2026-11-09", "2026-11-10"]


class Gcalcli:
    """The program with a home of its own."""

    def __init__(self, home):
        self.folder = home / "data" / "gcalcli"
        self.folder.mkdir(parents=True)
        self.environment = os.environ | {
            "HOME": str(home), "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"), "TZ": "Europe/Paris", "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *arguments):
        return subprocess.Popen(
            [PROGRAM, "--nocolor", *arguments], env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __call__(self, *arguments, answers=""):
        process = self.start(*arguments)
        text, _ = process.communicate(answers, timeout=60)
        assert process.returncode == 0, text
        return text


@pytest.fixture
def gcalcli(fixed_hosts, tmp_path):
    """The program, signed in as Ada."""
    program = Gcalcli(tmp_path)
    token = pickle.dumps(Credentials(fixed_token("ada@example.com")))
    (program.folder / "oauth").write_bytes(token)
    return program


def test_it_signs_in_with_the_address_that_it_prints(fixed_hosts, tmp_path):
    program = Gcalcli(tmp_path)
    process = program.start("init", "--client-id", INSTALLED["client_id"])
    process.stdin.write(INSTALLED["client_secret"] + "\n")
    process.stdin.flush()
    lines, address = [], None
    for line in process.stdout:
        lines.append(line)
        if address := re.search(r"https://accounts\.google\.com/\S+", line):
            browsing.visit(address[0], [])
            break
    lines.append(process.communicate("n\n", timeout=60)[0])  # It asks whether to do it all again.
    assert process.returncode == 0 and address, "".join(lines)
    kept = pickle.loads((program.folder / "oauth").read_bytes())
    assert kept.refresh_token and "ada@example.com" in program("list")


def test_list(ada, gcalcli):
    add_calendar(ada, "Garden")
    text = gcalcli("list")
    assert re.search(r"owner\s+Garden", text) and re.search(r"owner\s+ada@example.com", text)


def test_agenda(ada, gcalcli):
    add(ada)
    text = gcalcli("agenda", "--military", *DAY)
    assert "Mon Nov 09" in text and re.search(r"10:00\s+Pump inspection", text)


def test_agenda_of_the_sample_account_under_exec(tmp_path):
    # As it stands in the guide: nothing runs yet, and the program has never signed in.
    environment = {name: value for name, value in os.environ.items() if name != "TANDEM_GOOGLE_URL"}
    answer = subprocess.run(
        [BINARY, "emulator", "exec", "--", PROGRAM, "--nocolor", "agenda"],
        env=environment | {"TANDEM_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    assert "Stand-up" in answer.stdout


def test_agenda_for_programs(ada, gcalcli):
    add(ada, timed(location="Cellar"))
    add(ada, all_day())
    rows = [line.split("\t") for line in gcalcli("agenda", "--tsv", *DAY).splitlines()]
    assert ["2026-11-09", "10:00", "2026-11-09", "11:00", "Pump inspection"] in rows
    assert ["2026-11-09", "", "2026-11-10", "", "Fair"] in rows


def test_agenda_over_several_pages(google, gcalcli):
    google.plant("ada@example.com", [timed(f"Event {number}") for number in range(600)])
    text = gcalcli("agenda", "--tsv", *DAY)
    assert text.count("Event ") == 600


def test_series_are_expanded_by_google(ada, gcalcli):
    add(ada, timed(recurrence=["RRULE:FREQ=DAILY"]))
    text = gcalcli("agenda", "--tsv", "2026-11-09", "2026-11-16")
    assert text.count("Pump inspection") == 7


def test_week_and_month(ada, gcalcli):
    add(ada)
    assert "Pump" in gcalcli("calw", "--military", "2026-11-09", "1")
    assert "Pump" in gcalcli("calm", "--military", "2026-11-09")


def test_search(ada, gcalcli):
    add(ada)
    add(ada, timed("Board"))
    text = gcalcli("search", "--military", "pump", *DAY)
    assert "Pump inspection" in text and "Board" not in text


def test_add(ada, gcalcli):
    gcalcli("--default-calendar", "ada@example.com", "add", "--noprompt", "--title", "Picnic",
            "--when", "2026-11-09 12:00", "--duration", "90", "--where", "Lake",
            "--who", "bob@example.com", "--reminder", "15m popup")
    (event,) = everything(ada)[0]
    assert (event["summary"], event["location"]) == ("Picnic", "Lake")
    assert event["start"]["dateTime"] == "2026-11-09T12:00:00+01:00"
    assert event["end"]["dateTime"] == "2026-11-09T13:30:00+01:00"
    assert [guest["email"] for guest in event["attendees"]] == ["bob@example.com"]
    assert event["reminders"]["overrides"] == [{"method": "popup", "minutes": 15}]


def test_quick(ada, gcalcli):
    gcalcli("quick", "--calendar", "ada@example.com", "Lunch tomorrow 12:30")
    assert len(everything(ada)[0]) == 1


def test_delete(ada, gcalcli):
    add(ada)
    gcalcli("delete", "--iamaexpert", "pump", *DAY)
    assert everything(ada)[0] == []


def test_edit(ada, gcalcli):
    add(ada)
    gcalcli("edit", "pump", *DAY, answers="t\nPump repair\ns\nq\n")
    assert summaries(everything(ada)[0]) == ["Pump repair"]


def test_agendaupdate(ada, gcalcli, tmp_path):
    event = add(ada)
    table = gcalcli("agenda", "--tsv", "--details", "id", *DAY).splitlines()
    file = tmp_path / "changes.tsv"
    file.write_text("\n".join(table).replace("Pump inspection", "Pump repair") + "\n")
    gcalcli("agendaupdate", str(file))
    assert summaries(everything(ada)[0]) == ["Pump repair"]
    assert event["id"] in table[1]


def test_import(ada, gcalcli, tmp_path):
    file = tmp_path / "fair.ics"
    file.write_text("\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//garden//EN", "BEGIN:VEVENT",
        "UID:fair-1@example.org", "DTSTAMP:20261101T000000Z", "DTSTART:20261109T100000Z",
        "DTEND:20261109T110000Z", "SUMMARY:Fair", "END:VEVENT", "END:VCALENDAR", ""]))
    for _ in range(2):
        gcalcli("import", "--calendar", "ada@example.com", str(file))
    (event,) = everything(ada)[0]
    assert (event["summary"], event["iCalUID"]) == ("Fair", "fair-1@example.org")
