"""A message about a finished job to a chat is no job."""

import json
import urllib.request


def tell(slack_post_url, task):
    data = json.dumps({"text": f"QPU task {task['id']}: {task['shots']} shots"}).encode()
    request = urllib.request.Request(slack_post_url, data=data, method="POST")
    with urllib.request.urlopen(request) as answer:  # ok
        return answer.read()
