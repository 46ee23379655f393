"""Exports an application as `application`. The environment variable SERVERS_APP selects it."""

import os

import apps

application = apps.APPS[os.environ["SERVERS_APP"]]()
