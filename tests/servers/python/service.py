"""The application that the environment selects, under a name that every server can load."""

import os

import apps

application = apps.APPS[os.environ["SERVERS_APP"]]()
