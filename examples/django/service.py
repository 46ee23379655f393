"""A single-file Django service that `agent` may call."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from sealwire.wsgi import HMACAuthMiddleware

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"])


@csrf_exempt  # no CSRF token is needed, because every request must be signed
def items(request: HttpRequest) -> HttpResponse:
    """Returns the name of the caller."""
    return HttpResponse(f"called by {request.META['sealwire.identity'].sender}")


urlpatterns = [path("items", items)]
application = HMACAuthMiddleware(get_wsgi_application(), service_name="practices")
