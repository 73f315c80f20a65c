"""What Eclipse Paho does against the broker: scenarios.py PORT VERSION [CA-FILE]"""
import queue
import sys
import uuid

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes

PORT, VERSION = int(sys.argv[1]), int(sys.argv[2])
CA_FILE = sys.argv[3] if len(sys.argv) > 3 else None
TOPIC = f"paho/{uuid.uuid4().hex}"
PATIENCE = 20


class Client:
    """A connected client whose events are taken one by one from queues."""

    def __init__(self, client_id="", clean=True, expiry=0):
        options = {} if VERSION == mqtt.MQTTv5 else {"clean_session": clean}
        self.messages, self.connects, self.events = queue.Queue(), queue.Queue(), queue.Queue()
        self.mqtt = mqtt.Client(client_id or f"paho{uuid.uuid4().hex[:16]}", protocol=VERSION, **options)
        self.mqtt.on_connect = lambda client, data, flags, code, *rest: self.connects.put((code, flags["session present"]))
        self.mqtt.on_subscribe = lambda client, data, mid, *rest: self.events.put(mid)
        self.mqtt.on_disconnect = lambda client, data, *rest: self.events.put("disconnected")
        self.mqtt.on_message = lambda client, data, message: self.messages.put(message)
        if CA_FILE:
            self.mqtt.tls_set(CA_FILE)
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

    def publish(self, topic, payload, qos, retain=False):
        self.mqtt.publish(topic, payload, qos, retain).wait_for_publish(PATIENCE)

    def receive(self):
        return self.messages.get(timeout=PATIENCE)

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


for scenario in (qos, retained, session):
    scenario()
    print(scenario.__name__, "passed", flush=True)
print("all passed")
