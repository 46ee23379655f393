"""The ASGI application, by the name that every server can load."""

import service

application = service.asgi()
