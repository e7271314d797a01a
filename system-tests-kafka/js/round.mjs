// Goes through what kafkajs can do, against the broker that is named on the command line. Ends with exit code 0 and
// the word "fine" if all is as it should be.
import assert from 'node:assert/strict'
import kafkajs from 'kafkajs'

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs

const kafka = new Kafka({
  clientId: 'round',
  brokers: [process.argv[2]],
  logLevel: logLevel.ERROR,
  retry: { retries: 8 },
})

const admin = kafka.admin()

// Reads until so many messages are there.
async function consume(options, topic, count) {
  const consumer = kafka.consumer({ sessionTimeout: 10000, heartbeatInterval: 1000, maxWaitTimeInMs: 500, ...options })
  const messages = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${messages.length} of ${count} messages came`)), 60000).unref()
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer.run({
      eachMessage: async ({ partition, message }) => {
        messages.push({ partition, offset: message.offset, text: message.value?.toString() ?? null, ...message })
        if (messages.length === count) resolve()
      },
    })
  })
  await consumer.disconnect()
  return messages
}

async function topics() {
  const created = await admin.createTopics({
    topics: [
      { topic: 'js.Plain', numPartitions: 3 },
      { topic: 'js-agreed', numPartitions: 1 },
      { topic: 'js-packed', numPartitions: 1 },
    ],
  })
  assert.equal(created, true)
  assert.ok((await admin.listTopics()).includes('js.Plain'))
  const { topics } = await admin.fetchTopicMetadata({ topics: ['js.Plain'] })
  assert.equal(topics[0].partitions.length, 3)
  await admin.createPartitions({ topicPartitions: [{ topic: 'js.Plain', count: 4 }] })
  const cluster = await admin.describeCluster()
  assert.equal(cluster.brokers.length, 1)
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: 'js.Plain', configNames: ['retention.ms'] }],
  })
  assert.equal(resources[0].configEntries[0].configName, 'retention.ms')
}

async function plain() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const sent = await producer.send({
    topic: 'js.Plain',
    messages: [
      { key: 'a', value: 'eins', headers: { colour: 'blau' } },
      { key: 'b', value: 'zwölf' },
      { key: 'c', value: null },
    ],
  })
  assert.ok(sent.every(each => each.errorCode === 0))
  await producer.disconnect()
  const messages = await consume({ groupId: 'js-readers' }, 'js.Plain', 3)
  assert.deepEqual(messages.map(each => each.text).sort(), ['eins', 'zwölf', null].sort())
  const marked = messages.find(each => each.text === 'eins')
  assert.equal(marked.headers.colour.toString(), 'blau')
  assert.equal(marked.key.toString(), 'a')
}

async function groups() {
  const { groups } = await admin.listGroups()
  assert.ok(groups.some(each => each.groupId === 'js-readers'))
  const described = await admin.describeGroups(['js-readers'])
  assert.equal(described.groups[0].state, 'Empty')
  const offsets = await admin.fetchOffsets({ groupId: 'js-readers', topics: ['js.Plain'] })
  const total = offsets[0].partitions.reduce((sum, each) => sum + Math.max(0, Number(each.offset)), 0)
  assert.equal(total, 3)
  await admin.resetOffsets({ groupId: 'js-readers', topic: 'js.Plain', earliest: true })
  assert.equal((await consume({ groupId: 'js-readers' }, 'js.Plain', 3)).length, 3)
  await admin.deleteGroups(['js-readers'])
}

async function transactions() {
  const producer = kafka.producer({ transactionalId: 'js', maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  const dropped = await producer.transaction()
  await dropped.send({ topic: 'js-agreed', messages: [{ value: 'never' }] })
  await dropped.abort()
  const kept = await producer.transaction()
  await kept.send({ topic: 'js-agreed', messages: [{ value: 'one' }, { value: 'two' }] })
  await kept.sendOffsets({
    consumerGroupId: 'js-copiers',
    topics: [{ topic: 'js.Plain', partitions: [{ partition: 0, offset: '1' }] }],
  })
  await kept.commit()
  await producer.disconnect()
  const messages = await consume({ groupId: 'js-careful', readUncommitted: false }, 'js-agreed', 2)
  assert.deepEqual(
    messages.map(each => each.text),
    ['one', 'two'],
  )
  const offsets = await admin.fetchOffsets({ groupId: 'js-copiers', topics: ['js.Plain'] })
  assert.equal(offsets[0].partitions.find(each => each.partition === 0).offset, '1')
}

async function packed() {
  const producer = kafka.producer()
  await producer.connect()
  const messages = Array.from({ length: 200 }, (_, i) => ({ value: `much like the others, number ${i}` }))
  await producer.send({ topic: 'js-packed', compression: CompressionTypes.GZIP, messages })
  await producer.disconnect()
  const read = await consume({ groupId: 'js-packers' }, 'js-packed', 200)
  assert.deepEqual(
    read.map(each => each.text),
    messages.map(each => each.value),
  )
}

async function ends() {
  await admin.fetchTopicOffsets('js-packed')
  await admin.deleteTopicRecords({ topic: 'js-packed', partitions: [{ partition: 0, offset: '150' }] })
  const offsets = await admin.fetchTopicOffsets('js-packed')
  assert.equal(offsets[0].low, '150')
  assert.equal(offsets[0].high, '200')
  await admin.deleteTopics({ topics: ['js-packed'] })
  assert.ok(!(await admin.listTopics()).includes('js-packed'))
}

await admin.connect()
try {
  for (const step of [topics, plain, groups, transactions, packed, ends]) {
    console.log(step.name)
    await step()
  }
  console.log('fine')
} finally {
  await admin.disconnect()
}
process.exit(0)
