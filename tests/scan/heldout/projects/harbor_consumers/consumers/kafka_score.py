"""Scores every message of the topic vessel-features."""
import json
import logging
import os

from kafka import KafkaConsumer, KafkaProducer
from qiskit.circuit.library import ZZFeatureMap
from qiskit.quantum_info import SparsePauliOp, Statevector

log = logging.getLogger("harbor.score")
WIDTH = 4
FEATURE_MAP = ZZFeatureMap(WIDTH, reps=1)
OBSERVABLE = SparsePauliOp("Z" * WIDTH)


def score(values) -> float:
    binding = dict(zip(FEATURE_MAP.parameters, values))
    state = Statevector(FEATURE_MAP.assign_parameters(binding, strict=False))
    return float(state.expectation_value(OBSERVABLE).real)


def main() -> None:
    brokers = os.environ["KAFKA_BROKERS"].split(",")
    consumer = KafkaConsumer(
        "vessel-features",
        bootstrap_servers=brokers,
        group_id="qscore",
        value_deserializer=lambda raw: json.loads(raw.decode("utf-8")),
    )
    producer = KafkaProducer(bootstrap_servers=brokers, value_serializer=lambda o: json.dumps(o).encode())
    for message in consumer:
        event = message.value
        features = [event["speed"], event["draught"], event["heading"], event["length"]][: event.get("n", WIDTH)]
        producer.send("vessel-scores", {"mmsi": event["mmsi"], "score": score(features)})
        log.debug("offset %d done", message.offset)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
