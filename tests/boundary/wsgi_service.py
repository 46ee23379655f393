"""Exports the WSGI application as `application`."""

import service

application = service.wsgi()
