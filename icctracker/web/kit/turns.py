"""What is worked out for whoever asks: a few at a time, so that it holds up nobody.

A page of today is read as it was written; one of a past day is worked out from all the
findings. Anybody may ask for any day. A process answers some requests at once, each in
a thread; two of them at most work something out. Whoever comes beyond is not made to
wait, which would take the other threads as well: they are told when to come again.
"""

from threading import BoundedSemaphore

from django.shortcuts import render

from .answers import KeptAnswer

# Of the eight threads that each process has in bin/run and deploy/.
AT_A_TIME = 2
SECONDS = 5
CLOCKS = ("as_of", "known_at")

_free = BoundedSemaphore(AT_A_TIME)


class Turn:
    """One of the few; ended once, however often that is said."""

    def __init__(self):
        self._held = _free.acquire(blocking=False)

    def __bool__(self):
        return self._held

    def end(self):
        if self._held:
            self._held = False
            _free.release()


class TurnsMiddleware:
    """Lets so many requests at a time work out an open page; 503 to those beyond.

    The last of all: what is answered from memory, or was not modified, takes no turn.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.turn = None
        streams = False
        try:
            response = self.get_response(request)
            if request.turn and response.streaming:
                streams = True
                _end_when_closed(response, request.turn)
            return response
        finally:
            if request.turn and not streams:
                request.turn.end()

    def process_view(self, request, view, args, kwargs):
        if not _is_worked_out(request, view):
            return None
        request.turn = Turn()
        return None if request.turn else _come_again(request)


def _is_worked_out(request, view):
    """Whether it is an open page of the past, or one that is always worked out."""
    view_class = getattr(view, "view_class", object)
    if not issubclass(view_class, KeptAnswer):
        return False
    return view_class.worked_out or any(request.GET.get(name) for name in CLOCKS)


def _come_again(request):
    response = render(request, "busy.html", status=503)
    response["Retry-After"] = SECONDS
    response["Cache-Control"] = "no-store"
    return response


def _end_when_closed(response, turn):
    """A download is worked out while it is sent; the server closes it in any case."""
    close = response.close

    def close_both():
        turn.end()
        close()

    response.close = close_both
