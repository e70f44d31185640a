"""What an evaluation gave is called."""

import argparse


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fold", default="lambda a: a")
    options = parser.parse_args()
    fold = eval("lambda a: a * 2")
    return fold(options.fold)  # ok
