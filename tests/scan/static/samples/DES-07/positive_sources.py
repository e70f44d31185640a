import json
from http.server import BaseHTTPRequestHandler

import grpc
import paho.mqtt.client as mqtt
import pika
import redis
import sympy
from aiohttp import web
from faststream.rabbit import RabbitBroker
from starlette.routing import Route

broker = RabbitBroker("amqp://localhost")
queue = redis.Redis()


def handler(event, context):
    return sympy.sympify(json.loads(event["body"])["angle"])  # finds: DES-07 critical


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(str(eval(text)).encode())  # finds: DES-07 critical


class Angles(grpc.AngleServicer):
    def Evaluate(self, request, context):
        return sympy.parse_expr(request.expression)  # finds: DES-07 critical


def arrived(client, userdata, message):
    print(eval(message.payload.decode()))  # finds: DES-07 critical


class Consumer:
    def __init__(self, channel):
        channel.basic_consume("angles", on_message_callback=self.take)

    def take(self, channel, method, properties, body):
        return sympy.sympify(json.loads(body)["angle"])  # finds: DES-07 critical


@broker.subscriber("angles")
async def subscribed(text: str):
    return sympy.sympify(text)  # finds: DES-07 critical


def popped():
    _, text = queue.blpop("angles")
    return eval(text)  # finds: DES-07 critical


async def routed(request):
    body = await request.json()
    return sympy.sympify(body["angle"])  # finds: DES-07 critical


async def posted(req):
    return eval(await req.text())  # finds: DES-07 critical


def start(client: mqtt.Client):
    client.on_message = arrived
    app = web.Application()
    app.router.add_post("/angle", posted)
    return pika.ConnectionParameters(), app, [Route("/angle", routed)]
