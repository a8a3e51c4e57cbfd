"""A small service.

    @app.route("/of-a-docstring")
"""
from flask import Flask
import requests

app = Flask(__name__)


@app.route("/items", methods=["GET", "POST"])
def items():
    return requests.get("/elsewhere", timeout=3)
