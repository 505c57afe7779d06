"""What zipfile raises for a file that is no zip, not all of one, or one of a kind that it does not know."""

import zipfile

NOT_A_ZIP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
"""On opening one: `NotImplementedError` is its word for a version or a way of packing that it cannot read."""
