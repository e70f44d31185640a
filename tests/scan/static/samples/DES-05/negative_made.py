from braket.aws import AwsDevice, AwsQuantumTask


def submit(device: AwsDevice, program) -> AwsQuantumTask:
    return device.run(program, shots=100)


def run(device, program):
    task = submit(device, program)
    return task.result()  # ok
