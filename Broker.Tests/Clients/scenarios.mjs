// What MQTT.js does against the broker: node scenarios.mjs URL VERSION CA-FILE SCENARIO,... [ROOT]
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import mqtt from 'mqtt';

const [url, version, caFile, wanted, givenRoot] = process.argv.slice(2);
const root = givenRoot ?? `mqttjs/${randomBytes(6).toString('hex')}`;
const isV5 = version === '5';

setTimeout(() => {
  console.error('timed out');
  process.exit(2);
}, 25_000).unref();

const connect = (options = {}) =>
  mqtt.connectAsync(url, {
    protocolVersion: Number(version),
    ca: readFileSync(caFile),
    reconnectPeriod: 0,
    clientId: `js${randomBytes(6).toString('hex')}`,
    ...options,
  });

// Messages are collected from the first moment, so that none is missed between two awaits.
function inbox(client) {
  const messages = [];
  const waiting = [];
  client.on('message', (topic, payload, packet) => {
    const message = { topic, text: payload.toString(), payload, qos: packet.qos, retain: packet.retain, properties: packet.properties };
    const next = waiting.shift();
    next ? next(message) : messages.push(message);
  });
  return () => (messages.length ? Promise.resolve(messages.shift()) : new Promise(resolve => waiting.push(resolve)));
}

async function pair(filter, options) {
  const client = await connect(options);
  const next = inbox(client);
  await client.subscribeAsync(filter, { qos: 2 });
  return { client, next };
}

// A session that was there: its messages may come right behind CONNACK.
async function resumed(options) {
  const client = mqtt.connect(url, { protocolVersion: Number(version), ca: readFileSync(caFile), reconnectPeriod: 0, ...options });
  const next = inbox(client);
  assert.equal(await new Promise(resolve => client.on('connect', packet => resolve(packet.sessionPresent))), true);
  return { client, next };
}

const lasting = clientId => ({ clientId, clean: false, ...(isV5 && { properties: { sessionExpiryInterval: 300 } }) });

const scenarios = {
  async qos() {
    const { client, next } = await pair(`${root}/qos/#`);
    for (const qos of [0, 1, 2]) {
      for (let i = 0; i < 20; i++) await client.publishAsync(`${root}/qos/${qos}`, `${qos}-${i}`, { qos });
      for (let i = 0; i < 20; i++) {
        const message = await next();
        assert.deepEqual([message.topic, message.text, message.qos, message.retain], [`${root}/qos/${qos}`, `${qos}-${i}`, qos, false]);
      }
    }
    await client.endAsync();
  },

  async retained() {
    const publisher = await connect();
    await publisher.publishAsync(`${root}/retained`, 'kept', { qos: 1, retain: true });
    const { client, next } = await pair(`${root}/retained`);
    const message = await next();
    assert.deepEqual([message.text, message.retain], ['kept', true]);
    await publisher.publishAsync(`${root}/retained`, '', { qos: 1, retain: true });
    assert.equal((await next()).text, '');
    const later = await pair([`${root}/retained`, `${root}/marker`]);
    await publisher.publishAsync(`${root}/marker`, 'marker', { qos: 1 });
    assert.equal((await later.next()).text, 'marker', 'a cleared retained message was delivered');
    await Promise.all([publisher.endAsync(), client.endAsync(), later.client.endAsync()]);
  },

  async will() {
    const { client, next } = await pair(`${root}/will`);
    const mortal = await connect({ will: { topic: `${root}/will`, payload: 'gone', qos: 1, retain: false } });
    mortal.stream.destroy();
    assert.equal((await next()).text, 'gone');
    const polite = await connect({ will: { topic: `${root}/will`, payload: 'never', qos: 1, retain: false } });
    await polite.endAsync();
    await client.publishAsync(`${root}/will`, 'marker', { qos: 1 });
    assert.equal((await next()).text, 'marker', 'a polite DISCONNECT published the will');
    await client.endAsync();
  },

  async session() {
    const options = lasting(`session${randomBytes(6).toString('hex')}`);
    const first = await pair(`${root}/session`, options);
    await first.client.endAsync();
    const publisher = await connect();
    for (let i = 0; i < 10; i++) await publisher.publishAsync(`${root}/session`, `${i}`, { qos: 1 });
    const { client: second, next } = await resumed(options);
    for (let i = 0; i < 10; i++) assert.equal((await next()).text, `${i}`);
    await Promise.all([publisher.endAsync(), second.endAsync()]);
  },

  async leave() {
    const { client } = await pair(`${root}/session`, lasting(root.slice(-20)));
    await client.endAsync();
    const publisher = await connect();
    for (let i = 0; i < 5; i++) await publisher.publishAsync(`${root}/session`, `${i}`, { qos: 2 });
    await publisher.publishAsync(`${root}/retained`, 'kept', { qos: 1, retain: true });
    await publisher.endAsync();
  },

  async resume() {
    const { client, next } = await resumed(lasting(root.slice(-20)));
    for (let i = 0; i < 5; i++) assert.equal((await next()).text, `${i}`);
    await client.publishAsync(`${root}/session`, 'new', { qos: 2 });
    assert.equal((await next()).text, 'new');
    await client.subscribeAsync(`${root}/retained`, { qos: 1 });
    const message = await next();
    assert.deepEqual([message.text, message.retain], ['kept', true]);
    await client.endAsync();
  },

  async shared() {
    const filter = `$share/group/${root}/shared`;
    const members = [await pair(filter), await pair(filter)];
    const publisher = await connect();
    const received = [];
    const all = new Promise(resolve => {
      for (const { client } of members) client.on('message', (_, payload) => received.push(payload.toString()) === 40 && resolve());
    });
    for (let i = 0; i < 40; i++) await publisher.publishAsync(`${root}/shared`, `${i}`, { qos: 1 });
    await all;
    assert.equal(new Set(received).size, 40, 'a message reached two members');
    await Promise.all([publisher, ...members.map(member => member.client)].map(client => client.endAsync()));
  },

  async large() {
    const { client, next } = await pair(`${root}/large`);
    const payload = randomBytes(1 << 20);
    await client.publishAsync(`${root}/large`, payload, { qos: 1 });
    assert.ok(payload.equals((await next()).payload));
    await client.endAsync();
  },

  async unsubscribe() {
    const { client, next } = await pair([`${root}/left`, `${root}/kept`]);
    await client.unsubscribeAsync(`${root}/left`);
    await client.publishAsync(`${root}/left`, 'unwanted', { qos: 1 });
    await client.publishAsync(`${root}/kept`, 'wanted', { qos: 1 });
    assert.equal((await next()).text, 'wanted');
    await client.endAsync();
  },

  async properties() {
    const { client, next } = await pair(`${root}/properties`);
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Buffer.from([0, 1, 255]),
      userProperties: { colour: ['blue', 'green'], shape: 'round' },
    };
    await client.publishAsync(`${root}/properties`, 'x', { qos: 1, properties });
    const received = (await next()).properties;
    for (const name of ['payloadFormatIndicator', 'contentType', 'responseTopic', 'correlationData']) {
      assert.deepEqual(received[name], properties[name], name);
    }
    assert.deepEqual({ ...received.userProperties }, properties.userProperties);
    await client.endAsync();
  },

  async expiry() {
    const { client, next } = await pair(`${root}/expiry`);
    await client.publishAsync(`${root}/expiry`, 'x', { qos: 1, properties: { messageExpiryInterval: 100 } });
    const left = (await next()).properties.messageExpiryInterval;
    assert.ok(left > 90 && left <= 100, `messageExpiryInterval is ${left}`);
    await client.endAsync();
  },
};

for (const name of wanted.split(',')) {
  await scenarios[name]();
  console.log(`${name} passed`);
}
console.log('all passed');
process.exit(0);
