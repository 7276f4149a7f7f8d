"""Batches: many requests in one, each answered on its own."""

import googleapiclient.errors
import pytest

from calls import add, everything, only_if, read_error, summaries, timed
from signing_in import signed_in


class Answers:
    """What the parts of a batch were answered, by request id."""

    def __init__(self, service):
        self.results, self.errors = {}, {}
        self.batch = service.new_batch_http_request(callback=self.note)

    def note(self, request_id, result, error):
        if error is None:
            self.results[request_id] = result
        else:
            self.errors[request_id] = error

    def add(self, name, request):
        self.batch.add(request, request_id=name)
        return self

    def send(self):
        self.batch.execute()
        return self

    def refusal(self, name):
        return read_error(self.errors[name])


def test_each_part_has_its_own_answer(ada):
    events = ada.events()
    answers = (
        Answers(ada)
        .add("insert", events.insert(calendarId="primary", body=timed("Déjeuner 🍲")))
        .add("missing", events.get(calendarId="primary", eventId="nothere"))
        .add("colours", ada.colors().get())
        .add("list", ada.calendarList().list())
        .send())
    assert answers.results["insert"]["summary"] == "Déjeuner 🍲"
    assert len(answers.results["colours"]["event"]) == 11
    assert answers.results["list"]["kind"] == "calendar#calendarList"
    assert set(answers.errors) == {"missing"}


def test_a_failed_part_has_the_same_error_as_alone(ada):
    answers = Answers(ada).add(
        "missing", ada.events().get(calendarId="primary", eventId="nothere")).send()
    error = answers.refusal("missing")
    assert (error.status, error.domain, error.reason) == (404, "global", "notFound")


def test_an_empty_answer_is_an_answer(ada):
    event = add(ada)
    answers = Answers(ada).add(
        "delete", ada.events().delete(calendarId="primary", eventId=event["id"])).send()
    assert answers.results == {"delete": ""}
    assert everything(ada)[0] == []


def test_parts_have_headers_of_their_own(ada):
    event = add(ada)
    ada.events().patch(
        calendarId="primary", eventId=event["id"], body={"location": "Lab"}).execute()
    stale = ada.events().patch(
        calendarId="primary", eventId=event["id"], body={"summary": "Lost"})
    answers = Answers(ada).add("stale", only_if(stale, event["etag"])).send()
    assert answers.refusal("stale").status == 412


def test_an_etag_comes_back_with_each_part(ada):
    event = add(ada)
    answers = Answers(ada).add(
        "get", ada.events().get(calendarId="primary", eventId=event["id"])).send()
    assert answers.results["get"]["etag"] == event["etag"]


@pytest.mark.parametrize("name", [
    "short", "with spaces and ümlauts", "an-id-so-long-that-its-header-is-folded-" + "x" * 120,
    "<angles>", "a+b",
])
def test_answers_find_their_requests_by_any_id(ada, name):
    answers = Answers(ada).add(name, ada.colors().get()).send()
    assert set(answers.results) == {name}


@pytest.mark.parametrize("count", [50, 1000])
def test_a_batch_may_hold_many(ada, count):
    answers = Answers(ada)
    for number in range(count):
        answers.add(str(number), ada.settings().get(setting="timezone"))
    answers.send()
    assert len(answers.results) == count and not answers.errors


def test_the_client_itself_stops_at_a_thousand(ada):
    answers = Answers(ada)
    for number in range(1000):
        answers.add(str(number), ada.colors().get())
    with pytest.raises(googleapiclient.errors.BatchError):
        answers.add("one more", ada.colors().get())


def test_more_than_a_thousand_are_refused(api):
    parts = "".join(
        f"--b\nContent-Type: application/http\nContent-ID: <{number}>\n\n"
        "GET /calendar/v3/colors HTTP/1.1\n\n\n" for number in range(1001))
    answer = api.post("/batch/calendar/v3", data=parts + "--b--",
                      headers={"Content-Type": 'multipart/mixed; boundary="b"'})
    assert answer.status_code == 400


def test_parts_without_a_token_of_their_own_use_the_outer_one(api):
    # As a program would by hand, with bare line feeds, which Google's client sends as well.
    answer = api.post("/batch/calendar/v3", headers={
        "Content-Type": "multipart/mixed; boundary=cut"}, data=(
        "--cut\nContent-Type: application/http\nContent-ID: <one>\n\n"
        "GET /calendar/v3/calendars/primary HTTP/1.1\n\n\n--cut--"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=")
    assert "Content-ID: <response-one>" in answer.text
    assert "HTTP/1.1 200 OK\r\n" in answer.text and '"ada@example.com"' in answer.text


@pytest.mark.parametrize("headers", [
    {"Content-Type": "multipart/mixed"}, {"Content-Type": "application/json"},
], ids=["no boundary", "not a batch"])
def test_what_is_not_a_batch(api, headers):
    answer = api.post("/batch/calendar/v3", data="nonsense", headers=headers)
    assert answer.status_code == 400


def test_other_apis_are_not_called_in_this_batch(ada, api):
    answer = api.post("/batch/calendar/v3", headers={
        "Content-Type": "multipart/mixed; boundary=cut"}, data=(
        "--cut\nContent-Type: application/http\nContent-ID: <one>\n\n"
        "GET /_emulator/requests HTTP/1.1\n\n\n--cut--"))
    assert answer.status_code in (200, 400)
    assert "200 OK" not in answer.text


def test_every_part_counts_as_a_request(google, ada):
    google.forget_requests()
    Answers(ada).add("1", ada.colors().get()).add("2", ada.settings().list()).send()
    methods = [item.get("apiMethod", item["path"]) for item in google.requests()]
    assert any("colors" in method for method in methods)
    assert any("settings" in method for method in methods)


def test_parts_with_a_dead_token_are_sent_again_with_a_new_one(google, hosts, service_for):
    credentials = signed_in(hosts)
    service = service_for(credentials)
    before = credentials.token
    google.expire("access-tokens")
    answers = (
        Answers(service)
        .add("1", service.colors().get())
        .add("2", service.events().insert(calendarId="primary", body=timed("Once")))
        .send())
    assert not answers.errors and credentials.token != before
    assert summaries(everything(service)[0]) == ["Once"]


def test_one_part_may_be_throttled_alone(google, ada):
    google.fault(method="colors.get", status=403, reason="rateLimitExceeded")
    answers = (
        Answers(ada).add("1", ada.colors().get()).add("2", ada.settings().list()).send())
    assert answers.refusal("1").reason == "rateLimitExceeded"
    assert "2" in answers.results
