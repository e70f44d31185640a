"""Job broker: one account, several client teams."""
from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024

    from .views_owned import bp as owned
    from .views_results import bp as results
    from .views_safe import bp as safe
    from .views_submit import bp as submit
    from .uploads import bp as uploads

    for blueprint in (owned, results, safe, submit, uploads):
        app.register_blueprint(blueprint)
    return app
