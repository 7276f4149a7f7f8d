"""Inserts the events of a calendar file with Google's own client for Python.

    insert_events.py BASE_ADDRESS TOKEN FILE CALLS_A_REQUEST

With one call a request as its guide shows it first; with more, in its batches, which may hold 50.
"""

import importlib.resources
import json
import sys

import googleapiclient.discovery
import vobject
from google.oauth2.credentials import Credentials


def service(base, token):
    documents = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    document = json.loads((documents / "calendar.v3.json").read_text())
    document["rootUrl"] = base + "/"
    document["baseUrl"] = base + "/" + document["servicePath"]
    return googleapiclient.discovery.build_from_document(
        document, credentials=Credentials(token))


def bodies(path):
    with open(path, encoding="utf-8") as file:
        calendar = vobject.readOne(file)
    for event in calendar.vevent_list:
        yield {
            "summary": event.summary.value,
            "start": {"dateTime": event.dtstart.value.isoformat()},
            "end": {"dateTime": event.dtend.value.isoformat()},
        }


def main(base, token, path, calls):
    calendar = service(base.rstrip("/"), token)
    inserts = [calendar.events().insert(calendarId="primary", body=body) for body in bodies(path)]
    if calls == 1:
        for insert in inserts:
            insert.execute()
        return

    def check(_, __, failure):
        if failure is not None:
            raise failure

    for start in range(0, len(inserts), calls):
        batch = calendar.new_batch_http_request(callback=check)
        for insert in inserts[start:start + calls]:
            batch.add(insert)
        batch.execute()


main(*sys.argv[1:4], int(sys.argv[4]))
