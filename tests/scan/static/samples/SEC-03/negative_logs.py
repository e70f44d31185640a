import logging
import os

logger = logging.getLogger(__name__)
API_KEY = "name of the variable"


def masked(api_token):
    print("token ends in", api_token[-4:])  # ok


def present(api_token):
    print("token given:", bool(api_token), api_token is not None)  # ok


def length(api_token):
    logger.info("token of %d characters", len(api_token))  # ok


def tokens(batch):
    print("tokens per second", batch.tokens)  # ok


def constant():
    print(f"set {API_KEY}")  # ok


def loss(value, weights):
    logger.info("loss %f, %d weights", value, len(weights))  # ok


def debug(weights):
    logger.debug("weights %s", weights)  # ok


def region():
    print(os.environ["AWS_REGION"])  # ok


def choice(api_token):
    print("remote" if api_token else "local")  # ok


def math(log, password):
    return log.info2(password)  # ok


def parsed(text):
    for token in text.split():
        print(token)  # ok
