import logging
import os

logger = logging.getLogger(__name__)


def shown(service):
    print(service.active_account())  # finds: SEC-03


def printed(api_token):
    print("token:", api_token)  # finds: SEC-03


def logged(password):
    logger.debug(f"login with {password}")  # finds: SEC-03


def header(request):
    logging.info("headers %s", request.headers["Authorization"])  # finds: SEC-03


def environment():
    print(os.environ["IBM_QUANTUM_TOKEN"])  # finds: SEC-03


class Client:
    def __init__(self, api_key):
        self.api_key = api_key
        self.log = logging.getLogger("client")
        self.log.info("connected with key %s", self.api_key)  # finds: SEC-03


def step(weights):
    logger.info(f"weights {weights}")  # finds: SEC-03 note
