"""The ASGI application under a name that all servers can import."""

import service

application = service.asgi()
