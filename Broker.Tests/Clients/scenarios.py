"""What Eclipse Paho does against the broker: scenarios.py PORT VERSION tcp|websockets [CA-FILE]

With SCENARIO and ROOT in the environment only that scenario, below that topic.
"""
import os
import queue
import sys
import uuid

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes

PORT, VERSION = int(sys.argv[1]), int(sys.argv[2])
TRANSPORT = sys.argv[3]
CA_FILE = sys.argv[4] if len(sys.argv) > 4 else None
TOPIC = os.environ.get("ROOT") or f"paho/{uuid.uuid4().hex}"
PATIENCE = 20


class Client:
    """A connected client whose events are taken one by one from queues."""

    def __init__(self, client_id="", clean=True, expiry=0, will=None):
        options = {} if VERSION == mqtt.MQTTv5 else {"clean_session": clean}
        self.messages, self.connects, self.events = queue.Queue(), queue.Queue(), queue.Queue()
        self.mqtt = mqtt.Client(client_id or f"paho{uuid.uuid4().hex[:16]}", protocol=VERSION, transport=TRANSPORT, **options)
        self.mqtt.on_connect = lambda client, data, flags, code, *rest: self.connects.put((code, flags["session present"]))
        self.mqtt.on_subscribe = lambda client, data, mid, *rest: self.events.put(mid)
        self.mqtt.on_disconnect = lambda client, data, *rest: self.events.put("disconnected")
        self.mqtt.on_message = lambda client, data, message: self.messages.put(message)
        if CA_FILE:
            self.mqtt.tls_set(CA_FILE)
        if TRANSPORT == "websockets":
            self.mqtt.ws_set_options("/mqtt")
        if will:
            self.mqtt.will_set(*will, qos=1)
        more = {}
        if VERSION == mqtt.MQTTv5:
            properties = mqtt.Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = expiry
            more = {"clean_start": clean, "properties": properties}
        self.mqtt.connect("127.0.0.1", PORT, **more)
        self.mqtt.loop_start()
        code, self.session_present = self.connects.get(timeout=PATIENCE)
        assert code == 0, f"CONNACK {code}"

    def subscribe(self, topic, qos):
        _, mid = self.mqtt.subscribe(topic, qos)
        assert self.events.get(timeout=PATIENCE) == mid

    def publish(self, topic, payload, qos, retain=False, **more):
        self.mqtt.publish(topic, payload, qos, retain, **more).wait_for_publish(PATIENCE)

    def receive(self):
        return self.messages.get(timeout=PATIENCE)

    def vanish(self):
        self.mqtt._sock_close()
        self.mqtt.loop_stop()

    def close(self):
        self.mqtt.disconnect()
        assert self.events.get(timeout=PATIENCE) == "disconnected"
        self.mqtt.loop_stop()


def qos():
    client = Client()
    client.subscribe(f"{TOPIC}/qos/+", 2)
    for level in (0, 1, 2):
        client.publish(f"{TOPIC}/qos/{level}", f"{level}", level)
        message = client.receive()
        assert (message.payload, message.qos) == (b"%d" % level, level), (message.payload, message.qos)
    client.close()


def retained():
    client = Client()
    client.publish(f"{TOPIC}/retained", "kept", 1, retain=True)
    client.subscribe(f"{TOPIC}/retained", 1)
    message = client.receive()
    assert (message.payload, message.retain) == (b"kept", True), (message.payload, message.retain)
    client.close()


def session():
    name = f"paho{uuid.uuid4().hex[:16]}"
    first = Client(name, clean=False, expiry=300)
    first.subscribe(f"{TOPIC}/session", 2)
    first.close()
    publisher = Client()
    for number in range(5):
        publisher.publish(f"{TOPIC}/session", f"{number}", 2)
    publisher.close()
    second = Client(name, clean=False, expiry=300)
    assert second.session_present or VERSION == mqtt.MQTTv31, "the session was lost"
    for number in range(5):
        assert second.receive().payload == b"%d" % number
    second.close()


def leave():
    client = Client(TOPIC[-20:], clean=False, expiry=300)
    client.subscribe(f"{TOPIC}/session", 2)
    client.close()
    publisher = Client()
    for number in range(5):
        publisher.publish(f"{TOPIC}/session", f"{number}", 2)
    publisher.publish(f"{TOPIC}/retained", "kept", 1, retain=True)
    publisher.close()


def resume():
    client = Client(TOPIC[-20:], clean=False, expiry=300)
    assert client.session_present or VERSION == mqtt.MQTTv31, "the session was lost"
    for number in range(5):
        assert client.receive().payload == b"%d" % number
    client.publish(f"{TOPIC}/session", "new", 2)
    assert client.receive().payload == b"new"
    client.subscribe(f"{TOPIC}/retained", 1)
    message = client.receive()
    assert (message.payload, message.retain) == (b"kept", True), (message.payload, message.retain)
    client.close()


def will():
    watcher = Client()
    watcher.subscribe(f"{TOPIC}/will", 1)
    Client(will=(f"{TOPIC}/will", "gone")).vanish()
    assert watcher.receive().payload == b"gone"
    Client(will=(f"{TOPIC}/will", "never")).close()
    watcher.publish(f"{TOPIC}/will", "marker", 1)
    assert watcher.receive().payload == b"marker", "a polite DISCONNECT published the will"
    watcher.close()


def large():
    client = Client()
    client.subscribe(f"{TOPIC}/large", 1)
    payload = os.urandom(1 << 20)
    client.publish(f"{TOPIC}/large", payload, 1)
    assert client.receive().payload == payload
    client.close()


def properties():
    client = Client()
    client.subscribe(f"{TOPIC}/properties", 1)
    sent = mqtt.Properties(PacketTypes.PUBLISH)
    sent.PayloadFormatIndicator = 1
    sent.MessageExpiryInterval = 100
    sent.ContentType = "text/plain"
    sent.ResponseTopic = "answers"
    sent.CorrelationData = b"\x00\x01\xff"
    sent.UserProperty = [("colour", "blue"), ("colour", "green")]
    client.publish(f"{TOPIC}/properties", "x", 1, properties=sent)
    received = client.receive().properties
    for name in ("PayloadFormatIndicator", "ContentType", "ResponseTopic", "CorrelationData", "UserProperty"):
        assert getattr(received, name) == getattr(sent, name), (name, getattr(received, name))
    assert 90 < received.MessageExpiryInterval <= 100, received.MessageExpiryInterval
    client.close()


def shared():
    members = [Client(), Client()]
    for member in members:
        member.messages = members[0].messages
        member.subscribe(f"$share/group/{TOPIC}/shared", 1)
    publisher = Client()
    for number in range(20):
        publisher.publish(f"{TOPIC}/shared", f"{number}", 1)
    received = {members[0].receive().payload for _ in range(20)}
    assert received == {b"%d" % number for number in range(20)}, "a message reached two members"
    for client in (publisher, *members):
        client.close()


if "SCENARIO" in os.environ:
    wanted = ({"leave": leave, "resume": resume}[os.environ["SCENARIO"]],)
else:
    wanted = (qos, retained, will, session, large) + ((properties, shared) if VERSION == mqtt.MQTTv5 else ())
for scenario in wanted:
    scenario()
    print(scenario.__name__, "passed", flush=True)
print("all passed")
