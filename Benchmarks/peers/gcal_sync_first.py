"""A first full sync with gcal_sync: every calendar of the account into one file.

    gcal_sync_first.py BASE_ADDRESS TOKEN FILE

gcal_sync leaves the storage to its user. Here, as in Home Assistant, data stays in memory during
the run and is written once at the end: the cheapest way to have it still after the process. Prints
the number of events read.
"""

import asyncio
import json
import sys

import aiohttp
from gcal_sync.api import GoogleCalendarService
from gcal_sync.auth import AbstractAuth
from gcal_sync.store import CalendarStore
from gcal_sync.sync import CalendarEventSyncManager, CalendarListSyncManager


class FixedToken(AbstractAuth):
    def __init__(self, session, host, token):
        super().__init__(session, host)
        self._token = token

    async def async_get_access_token(self):
        return self._token


class FileStore(CalendarStore):
    def __init__(self, path):
        self._path = path
        self._data = {}

    async def async_load(self):
        return self._data

    async def async_save(self, data):
        self._data = data

    def write(self):
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(self._data, file)


async def main(base, token, path):
    store = FileStore(path)
    events = 0
    async with aiohttp.ClientSession() as session:
        service = GoogleCalendarService(FixedToken(session, base + "/calendar/v3", token))
        calendars = CalendarListSyncManager(service, store=store)
        await calendars.run()
        listed = await calendars.store_service.async_list_calendars()
        for calendar in listed.calendars:
            manager = CalendarEventSyncManager(service, calendar.id, store=store)
            await manager.run()
    store.write()
    for scope in store._data.get("event_sync", {}).values():
        events += len(scope.get("items", {}))
    print(events)


asyncio.run(main(*sys.argv[1:4]))
