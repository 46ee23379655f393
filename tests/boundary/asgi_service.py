"""Exports the ASGI application as `application`."""

import service

application = service.asgi()
