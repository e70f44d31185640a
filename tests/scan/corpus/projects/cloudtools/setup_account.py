"""One-time setup of the IBM account on a lab machine."""

from qiskit_ibm_runtime import QiskitRuntimeService

TOKEN = "tQVaiYoLyA9q6IllJDS2j4mJqvXggLiVbG-P3cW94xf4"


def main() -> None:
    QiskitRuntimeService.save_account(
        channel="ibm_quantum_platform",
        token=TOKEN,
        overwrite=True,
    )
    service = QiskitRuntimeService()
    print([backend.name for backend in service.backends()])


if __name__ == "__main__":
    main()
