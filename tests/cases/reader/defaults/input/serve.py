"""Serves.

    parser.add_argument("--of-a-docstring", default=1)
"""
import argparse
import os

DEFAULT_PORT = 8080
# parser.add_argument("--of-a-comment")
FALLBACK_SETTINGS_DEFAULTS = {"depth": 3, "place": place, "port": DEFAULT_PORT}
default_options = {
    "WIDTH": 80,
    "FOLDER": folder,
}


def main(host):
    """Runs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", default=DEFAULT_PORT, help="where it listens")
    parser.add_argument("--host", default=host, help="who listens")
    parser.add_argument("--level", default=Level.INFO, help="what is told")
    os.environ.get("SERVE_HOME", host)
    os.environ.get("SERVE_NAME", "serve")


def local():
    """Has a table of its own."""
    defaults = {"scheme": 1}
    environ["HTTP_HOST"]
    return defaults


PORTS = {"ftp": 21}.get(default_port)
