"""Uploads that are too large are not kept anywhere, and their form can say so."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class LimitedUploadHandler(FileUploadHandler):
    """Stops at the first file of a request that is larger than any import may be.

    The rest is read past without being kept, so that the form can answer in words.
    """

    def handle_raw_input(self, input_data, META, content_length, *args, **kwargs):
        self.too_large = content_length > settings.LARGEST_IMPORT + 1024 * 1024

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.too_large:
            self.request.file_was_too_large = True
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
