import pennylane as qml
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from .serializers import FlagsSerializer, RunSerializer, VitalsSerializer

WIRES = 6


def flags_circuit(flags, shots=None):
    dev = qml.device("default.qubit", wires=WIRES, shots=shots)

    @qml.qnode(dev)
    def run():
        qml.BasisEmbedding(flags, wires=range(WIRES))
        for i in range(WIRES - 1):
            qml.CRY(0.4, wires=[i, i + 1])
        return qml.probs(wires=[WIRES - 1])

    return run()


class FlagsView(APIView):
    def post(self, request):
        checked = FlagsSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return Response({"p": float(flags_circuit(checked.validated_data["flags"])[1])})


class LegacyFlagsView(APIView):
    """The tablets send whatever the nurse typed."""

    def post(self, request):
        flags = request.data["flags"]
        if len(flags) != WIRES:
            return Response({"error": "six flags"}, status=400)
        probs = flags_circuit(flags, shots=int(request.data.get("shots", 1000)))
        return Response({"p": float(probs[1])})


@api_view(["POST"])
def severity(request):
    codes = [int(c) for c in request.data["codes"]]
    if len(codes) != 4:
        return Response({"error": "four codes"}, status=400)
    dev = qml.device("default.qubit", wires=4)

    @qml.qnode(dev)
    def run():
        qml.BasisState(codes, wires=range(4))
        qml.GroverOperator(wires=range(4))
        return qml.expval(qml.PauliZ(3))

    return Response({"severity": float(run())})


@api_view(["POST"])
def vitals(request):
    checked = VitalsSerializer(data=request.data)
    checked.is_valid(raise_exception=True)
    limits = RunSerializer(data=request.query_params)
    limits.is_valid(raise_exception=True)
    dev = qml.device("default.qubit", wires=WIRES, shots=limits.validated_data["shots"])

    @qml.qnode(dev)
    def run(x):
        qml.AngleEmbedding(x, wires=range(WIRES))
        return qml.expval(qml.PauliZ(0))

    return Response({"value": float(run(checked.validated_data["vitals"]))})
