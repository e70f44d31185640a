import logging
import os

from broker import create_app
from broker.programs import bp as programs

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))

app = create_app()
app.register_blueprint(programs)


@app.before_request
def attach_user():
    from flask import abort, g, request

    g.user_id = request.headers.get("X-Forwarded-User")
    g.team = "default"
    if g.user_id is None:
        abort(401)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8000")), debug=True)
