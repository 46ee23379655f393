"""Exports the application that the environment variable SERVERS_APP selects as `application`."""

import os

import apps

application = apps.APPS[os.environ["SERVERS_APP"]]()
