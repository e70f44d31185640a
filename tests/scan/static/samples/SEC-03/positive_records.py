"""Records that hold a secret, as the code around them shows, and trained angles."""

import logging
from pprint import pformat

import click
import yaml
from dwave.cloud.config import load_config

logger = logging.getLogger(__name__)


@click.command()
def check():
    cfg = load_config()
    if not cfg.get("token"):
        raise SystemExit(1)
    click.echo(pformat(cfg))  # finds: SEC-03


def connect(open_service):
    settings = yaml.safe_load(open("settings.yml"))
    print(settings)  # finds: SEC-03
    return open_service(settings["api_key"])


def on_step(trainer, step, loss):
    logger.info("step=%d loss=%f weights=%s", step, loss, trainer.params.tolist())  # finds: SEC-03
