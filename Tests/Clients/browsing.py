"""A person with a browser, a program with plain HTTP, and a receiver of pushed messages."""

import contextlib
import dataclasses
import html.parser
import http.server
import queue
import threading
import urllib.parse

import requests


def redirect_of(address, session=requests):
    """Asks for an authorization address and gives the members of the redirect that answers it."""
    answer = session.get(address, allow_redirects=False, timeout=30)
    assert answer.status_code in (302, 303), f"no redirect: {answer.status_code} {answer.text}"
    return parameters(answer.headers["Location"])


def parameters(address):
    """The query of an address as a dictionary."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def visit(address, visits):
    """Follows an address to the end, as a browser does, and notes every stop."""
    answer = requests.get(address, timeout=30)
    visits += [stop.url for stop in answer.history] + [answer.url]


class Forms(html.parser.HTMLParser):
    """The forms of a page: their targets, fields and buttons."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.button = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append({
                "method": values.get("method", "get"), "action": values.get("action", ""),
                "fields": [], "boxes": [], "buttons": [],
            })
        if not self.forms:
            return
        form = self.forms[-1]
        kind = values.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "button" or (tag == "input" and kind == "submit"):
            self.button = (values.get("name"), values.get("value", ""))
            form["buttons"].append([self.button, self.button[1]])
        elif tag == "input" and kind in ("checkbox", "radio"):
            form["boxes"].append((values.get("name"), values.get("value", "on"),
                                  "checked" in values))
        elif tag == "input" and values.get("name"):
            form["fields"].append((values["name"], values.get("value", "")))

    def handle_data(self, data):
        if self.button is not None and self.forms:
            self.forms[-1]["buttons"][-1][1] += " " + data

    def handle_endtag(self, tag):
        if tag == "button":
            self.button = None


class Person:
    """Somebody before a page of Google's with forms on it."""

    def __init__(self):
        self.session = requests.Session()

    def open(self, address):
        self.page = self.session.get(address, allow_redirects=False, timeout=30)
        return self

    def press(self, word, without=(), **fields):
        """Presses the button whose words contain `word`.

        - `without`: boxes to clear, told by a part of their values.
        - `fields`: what to write into fields of those names.
        """
        for form in Forms(self.page.text).forms:
            for (name, value), words in form["buttons"]:
                if word.lower() in words.lower():
                    return self.submit(form, name, value, without, fields)
        raise AssertionError(f"no button {word!r} on the page: {self.page.text}")

    def submit(self, form, name, value, without, fields):
        data = [(field, fields.get(field, text)) for field, text in form["fields"]]
        data += [
            (box, text) for box, text, checked in form["boxes"]
            if checked and not any(part in text for part in without)
        ]
        if name:
            data.append((name, value))
        target = urllib.parse.urljoin(self.page.url, form["action"])
        what = {"data": data} if form["method"].lower() == "post" else {"params": data}
        self.page = self.session.request(
            form["method"], target, allow_redirects=False, timeout=30, **what)
        return self

    @property
    def redirect(self):
        assert self.page.status_code in (302, 303), self.page.text
        return parameters(self.page.headers["Location"])


class ApiSession(requests.Session):
    """Plain HTTP on the Calendar API with a bearer token."""

    def __init__(self, hosts, token):
        super().__init__()
        self.hosts = hosts
        if token:
            self.headers["Authorization"] = "Bearer " + token

    def request(self, method, url, **more):
        if url.startswith("/"):
            url = self.hosts.api + url
        elif not url.startswith("http"):
            url = self.hosts.api + "/calendar/v3/" + url
        return super().request(method, url, timeout=30, **more)


def api_session(hosts, token=None):
    return ApiSession(hosts, token)


@dataclasses.dataclass
class Message:
    """One message that Google pushed."""

    headers: dict
    body: bytes

    def __getitem__(self, name):
        return self.headers.get("x-goog-" + name)


class Receiver:
    """A loopback web hook that keeps what it gets."""

    def __init__(self):
        self.messages = queue.Queue()
        self.answers = []  # The statuses to answer with, in turn; 200 when none is left.
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = receiver.answers.pop(0) if receiver.answers else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver.messages.put(Message(headers, body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"

    def next(self, seconds=10, **wanted):
        """The next message whose headers are as wanted; others are dropped."""
        while True:
            try:
                message = self.messages.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"no message {wanted} within {seconds} s") from None
            if all(message[name.replace("_", "-")] == value for name, value in wanted.items()):
                return message


@contextlib.contextmanager
def receiving():
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
