"""Only the keys of a record, a masked copy or a number are shown."""

import logging

import yaml

logger = logging.getLogger(__name__)


def masked(record):
    return {key: "***" for key in record}


def connect(open_service):
    settings = yaml.safe_load(open("settings.yml"))
    names = sorted(settings.keys())
    logger.info("settings %s", names)  # ok
    logger.info("settings %s", masked(settings))  # ok
    logger.info("settings %d", len(settings))  # ok
    return open_service(settings["api_key"])
