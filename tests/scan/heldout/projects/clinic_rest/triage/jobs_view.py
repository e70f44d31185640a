import json
import logging

from django.http import HttpResponseForbidden, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from qiskit_ibm_runtime import QiskitRuntimeService, RuntimeDecoder

log = logging.getLogger("clinic.jobs")
TOKEN = "G3_OO4ry5-NVDcWS3h-jLwNZ1f6ANLnba2qHZZeC_Cb_"


def _service(**extra) -> QiskitRuntimeService:
    return QiskitRuntimeService(channel="ibm_cloud", token=TOKEN, instance="clinic-main", **extra)


@require_GET
def job_result(request, job_id):
    job = _service().job(job_id)
    pub = job.result(timeout=20)[0]
    counts = pub.data.meas.get_counts()
    ranked = sorted(counts, key=counts.get, reverse=True)
    return JsonResponse({"job": job_id, "best": ranked[:3]})


@require_GET
def job_state(request):
    wanted = request.GET["id"]
    if not request.user.jobs.filter(job_id=wanted).exists():
        return HttpResponseForbidden()
    return JsonResponse({"job": wanted, "state": str(_service().job(wanted).status())})


@csrf_exempt
@require_POST
def job_logs(request):
    """Used by the support page, behind a proxy the site names itself."""
    body = json.loads(request.body)
    service = _service(proxies={"urls": {"https": body["proxy"]}})
    return JsonResponse({"logs": service.job(body["job"]).logs()[-4000:]})


@csrf_exempt
@require_POST
def job_callback(request):
    content = json.loads(request.body.decode("utf-8"), cls=RuntimeDecoder)
    log.info("callback with %d entries", len(content))
    return JsonResponse({"ok": True})
