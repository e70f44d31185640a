"""Program snippets that the demo page can request."""
from flask import Blueprint, Response, request

from .limits import clamp_shots

bp = Blueprint("programs", __name__)

HEADER = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
BELL = HEADER + "qreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n"


@bp.get("/programs/bell")
def bell():
    return Response(BELL, mimetype="text/plain", headers={"X-Shots": str(clamp_shots(request.args.get("shots")))})


@bp.get("/programs/rotation")
def rotation():
    theta = request.args.get("theta", "0.5")
    axis = request.args.get("axis", "x")
    if axis not in ("x", "y", "z"):
        return Response("axis must be x, y or z", status=400)
    lines = [HEADER.rstrip(), "qreg q[1];", "creg c[1];"]
    lines.append("r%s(%s) q[0];" % (axis, theta))
    lines.append("measure q -> c;")
    return Response("\n".join(lines), mimetype="text/plain")


@bp.post("/programs/ladder")
def ladder():
    """CNOT ladder with one phase a rung."""
    body = request.get_json()
    phases = body["phases"]
    if not 1 <= len(phases) <= 16:
        return Response("one to sixteen phases", status=400)
    text = HEADER + "qreg q[{0}];\n".format(len(phases) + 1)
    for rung, value in enumerate(phases):
        text += "cx q[{0}],q[{1}];\nu1({2}) q[{1}];\n".format(rung, rung + 1, value)
    return Response(text, mimetype="text/plain")


@bp.get("/programs/phase")
def phase():
    angle = float(request.args.get("angle", 0.25))
    if not -6.2832 <= angle <= 6.2832:
        return Response("angle out of range", status=400)
    text = HEADER + f"qreg q[1];\nh q[0];\nu1({angle:.6f}) q[0];\n"
    return Response(text, mimetype="text/plain")
