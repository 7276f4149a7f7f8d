"""Runs gcalcli, unmodified, against a Google on loopback.

    TANDEM_GOOGLE_URL=http://127.0.0.1:PORT gcalcli_local.py ARGUMENT…

gcalcli has no option for the address of the API; it takes it from the discovery document that its
client library brings along. That document's address is changed on its way to the library, which
costs no request and no proxy.
"""

import importlib.resources
import json
import os
import sys

import gcalcli.cli
import gcalcli.gcal
import googleapiclient.discovery


def build(serviceName, version, credentials):
    documents = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    document = json.loads((documents / f"{serviceName}.{version}.json").read_text())
    base = os.environ["TANDEM_GOOGLE_URL"].rstrip("/") + "/"
    document["rootUrl"] = base
    document["baseUrl"] = base + document["servicePath"]
    return googleapiclient.discovery.build_from_document(document, credentials=credentials)


gcalcli.gcal.build = build
sys.argv[0] = "gcalcli"
sys.exit(gcalcli.cli.main())
