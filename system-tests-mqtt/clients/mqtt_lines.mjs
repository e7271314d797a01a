// MQTT.js, driven by lines of JSON: requests on standard input, answers and what arrives on standard output.
// The first argument is the version of MQTT, 3 or 5. ScriptClient.java tells what the lines look like.
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'

const five = process.argv[2] === '5'
const subscribers = new Map()

const say = line => process.stdout.write(JSON.stringify(line) + '\n')

function properties(message) {
  if (!five) return undefined
  const user = {}
  for (const [name, value] of message.user) {
    user[name] = name in user ? [user[name], value].flat() : value
  }
  const result = {}
  if (message.contentType) result.contentType = message.contentType
  if (message.responseTopic) result.responseTopic = message.responseTopic
  if (message.correlation) result.correlationData = Buffer.from(message.correlation, 'base64')
  if (message.expirySeconds) result.messageExpiryInterval = message.expirySeconds
  if (message.user.length > 0) result.userProperties = user
  return result
}

function described(topic, payload, packet) {
  const given = packet.properties ?? {}
  const user = Object.entries(given.userProperties ?? {})
  return {
    topic,
    payload: payload.toString('base64'),
    qos: packet.qos,
    retain: packet.retain,
    contentType: given.contentType,
    responseTopic: given.responseTopic,
    correlation: given.correlationData?.toString('base64'),
    expirySeconds: given.messageExpiryInterval,
    user: user.flatMap(([name, values]) => [values].flat().map(value => [name, value])),
  }
}

// Never connects again by itself.
async function connect({ server, clientId, persistent, will, name }) {
  const protocol = server.webSocket ? 'ws' : 'mqtt'
  const options = { clientId, clean: !persistent, reconnectPeriod: 0, protocolVersion: five ? 5 : 4 }
  if (five) options.properties = { sessionExpiryInterval: persistent ? 3600 : 0 }
  if (will) {
    options.will = { topic: will.topic, payload: Buffer.from(will.payload, 'base64'), qos: will.qos, retain: will.retain }
  }
  const client = mqtt.connect(`${protocol}://${server.host}:${server.port}/mqtt`, options)
  let failed = null
  client.on('error', error => (failed = error))
  if (name) {
    client.on('message', (topic, payload, packet) => say({ name, message: described(topic, payload, packet) }))
    client.on('close', () => say({ name, closed: true }))
  }
  await new Promise((resolve, reject) => {
    client.once('connect', resolve)
    client.once('close', () => reject(failed ?? new Error('closed')))
  })
  return client
}

const does = {
  async publish(request) {
    const client = await connect({ ...request, persistent: false })
    await Promise.all(
      request.messages.map(each =>
        client.publishAsync(each.topic, Buffer.from(each.payload, 'base64'), {
          qos: each.qos,
          retain: each.retain,
          properties: properties(each),
        }),
      ),
    )
    await client.endAsync()
  },
  async subscribe(request) {
    const client = await connect(request)
    subscribers.set(request.name, client)
    await client.subscribeAsync(request.filters, { qos: request.qos })
  },
  async leave({ name }) {
    await subscribers.get(name).endAsync()
    subscribers.delete(name)
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  does[request.do](request)
    .then(() => say({ id: request.id }))
    .catch(error => say({ id: request.id, error: String(error) }))
}
process.exit(0)
