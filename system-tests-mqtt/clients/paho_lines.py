"""Paho for Python, driven by lines of JSON: requests on standard input, answers and what arrives on standard output.

The first argument is the version of MQTT, 3 or 5. ScriptClient.java tells what the lines look like.
"""
import base64
import json
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

FIVE = sys.argv[1] == "5"
PATIENCE = 30
printing = threading.Lock()
subscribers = {}


def say(**line):
    with printing:
        print(json.dumps(line), flush=True)


def properties(kind, message):
    if not FIVE:
        return None
    result = Properties(kind)
    if "contentType" in message:
        result.ContentType = message["contentType"]
    if "responseTopic" in message:
        result.ResponseTopic = message["responseTopic"]
    if "correlation" in message:
        result.CorrelationData = base64.b64decode(message["correlation"])
    if "expirySeconds" in message:
        result.MessageExpiryInterval = message["expirySeconds"]
    if message["user"]:
        result.UserProperty = [tuple(pair) for pair in message["user"]]
    return result


def described(message):
    line = {
        "topic": message.topic,
        "payload": base64.b64encode(message.payload).decode(),
        "qos": message.qos,
        "retain": bool(message.retain),
        "user": [],
    }
    given = getattr(message, "properties", None)
    if given is not None:
        names = {"contentType": "ContentType", "responseTopic": "ResponseTopic",
                 "expirySeconds": "MessageExpiryInterval"}
        for name, attribute in names.items():
            if hasattr(given, attribute):
                line[name] = getattr(given, attribute)
        if hasattr(given, "CorrelationData"):
            line["correlation"] = base64.b64encode(given.CorrelationData).decode()
        if hasattr(given, "UserProperty"):
            line["user"] = [list(pair) for pair in given.UserProperty]
    return line


class Connection:
    """A client that connects once: its loop, which would connect again, is ended with its connection."""

    def __init__(self, server, client_id, persistent, will=None, name=None):
        transport = "websockets" if server["webSocket"] else "tcp"
        if FIVE:
            self.client = mqtt.Client(client_id, protocol=mqtt.MQTTv5, transport=transport)
        else:
            self.client = mqtt.Client(client_id, clean_session=not persistent, transport=transport)
        if server["webSocket"]:
            self.client.ws_set_options(path="/mqtt")
        if will is not None:
            self.client.will_set(will["topic"], base64.b64decode(will["payload"]), will["qos"], will["retain"],
                                 properties(PacketTypes.WILLMESSAGE, will))
        self.name = name
        self.connected = threading.Event()
        self.subscribed = threading.Event()
        self.ended = threading.Event()
        self.refused = None
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_disconnect = self.on_disconnect
        if name is not None:
            self.client.on_message = lambda _, __, message: say(name=name, message=described(message))
        if FIVE:
            expiring = Properties(PacketTypes.CONNECT)
            expiring.SessionExpiryInterval = 3600 if persistent else 0
            self.client.connect(server["host"], server["port"], clean_start=not persistent, properties=expiring)
        else:
            self.client.connect(server["host"], server["port"])
        self.client.loop_start()
        self.wait(self.connected, "CONNACK")

    def on_connect(self, client, userdata, flags, code, given=None):
        if code != 0:
            self.refused = "refused: %s" % code
        self.connected.set()

    def on_subscribe(self, client, userdata, mid, granted, given=None):
        if any(int(str(getattr(each, "value", each))) >= 0x80 for each in granted):
            self.refused = "not subscribed: %s" % granted
        self.subscribed.set()

    def on_disconnect(self, client, userdata, code, given=None):
        client.loop_stop()
        if self.name is not None:
            say(name=self.name, closed=True)
        self.ended.set()

    def wait(self, event, what):
        if not event.wait(PATIENCE):
            raise RuntimeError("no " + what)
        if self.refused:
            raise RuntimeError(self.refused)

    def subscribe(self, filters, qos):
        self.client.subscribe([(each, mqtt.SubscribeOptions(qos)) if FIVE else (each, qos) for each in filters])
        self.wait(self.subscribed, "SUBACK")

    def leave(self):
        self.client.disconnect()
        self.wait(self.ended, "end")


def publish(request):
    connection = Connection(request["server"], request["clientId"], False)
    waiting = []
    for message in request["messages"]:
        info = connection.client.publish(message["topic"], base64.b64decode(message["payload"]), message["qos"],
                                         message["retain"], properties(PacketTypes.PUBLISH, message))
        waiting.append(info)
    for info in waiting:
        info.wait_for_publish(PATIENCE)
        if not info.is_published():
            raise RuntimeError("not acknowledged")
    connection.leave()


def subscribe(request):
    connection = Connection(request["server"], request["clientId"], request["persistent"], request.get("will"),
                            request["name"])
    subscribers[request["name"]] = connection
    connection.subscribe(request["filters"], request["qos"])


def leave(request):
    subscribers.pop(request["name"]).leave()


for text in sys.stdin:
    asked = json.loads(text)
    try:
        {"publish": publish, "subscribe": subscribe, "leave": leave}[asked["do"]](asked)
        say(id=asked["id"])
    except Exception as problem:
        say(id=asked["id"], error=repr(problem))
