"""An import that is asked for is done, whatever becomes of the worker meanwhile."""

import time
import uuid
from http.client import HTTPConnection

import pytest

from tests.council_files import as_csv, new_resolution
from tests.faults.load import TOKEN
from tests.faults.services import until

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("todays_code")]
ADD = "/admin/icctracker/importrun/add/"
STATE = "SELECT state FROM icctracker_importrun ORDER BY id DESC LIMIT 1"


def upload(site, cookies, content):
    """Send a file as the form of the admin does; the status of the answer."""
    mark = uuid.uuid4().hex
    token = f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"'
    file = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="v.csv"'
        "\r\nContent-Type: text/csv"
    )
    body = f"{token}\r\n\r\n{TOKEN}\r\n{file}\r\n\r\n".encode() + content
    held = cookies | {"csrftoken": TOKEN}
    headers = {
        "Content-Type": f"multipart/form-data; boundary={mark}",
        "Cookie": "; ".join(f"{key}={value}" for key, value in held.items()),
    }
    connection = HTTPConnection(*site.address, timeout=60)
    connection.request("POST", ADD, body + f"\r\n--{mark}--\r\n".encode(), headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_import_outlives_its_worker(site, cookies):
    site.start_worker()
    assert upload(site, cookies, as_csv(new_resolution())) == 302
    # Somewhere between asking for work and having done it.
    time.sleep(0.5)
    site.kill("worker")
    site.start_worker()

    until(lambda: site.ask(STATE) == "checked", "the end of the comparison")
