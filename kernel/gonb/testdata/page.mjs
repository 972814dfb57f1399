// Runs the page's script without a browser, against a server that begins to pass
// on the kernel's messages only after the first comm_open. Fails by an exception.
//
// usage: node page.mjs page.js
import assert from 'node:assert'
import { readFileSync } from 'node:fs'

const said = [] // [socket, type, content]
const sockets = []

class FakeSocket {
  static OPEN = 1
  readyState = 0
  deaf = true
  constructor() {
    sockets.push(this)
    setTimeout(() => { this.readyState = 1; this.onopen() })
  }
  send(text) {
    const { msg_type: type, content } = JSON.parse(text)
    said.push([this, type, content])
    if (type !== 'comm_open') return
    if (this.deaf) this.deaf = false
    else this.hears(content.comm_id, '#comm_open_ack', true)
  }
  hears(comm, address, value) {
    this.onmessage({ data: JSON.stringify({ msg_type: 'comm_msg', content: { comm_id: comm, data: { address, value } } }) })
  }
  close() { this.readyState = 3; this.onclose({ code: 1000, reason: '' }) }
}
globalThis.WebSocket = FakeSocket
globalThis.document = { getElementById: () => null, location: { href: 'http://127.0.0.1/' } }

const run = (0, eval)(readFileSync(process.argv[2], 'utf8'))
const values = (socket) => said.filter(([s, type]) => s === socket && type === 'comm_msg').map(([, , c]) => [c.comm_id, c.data.address, c.data.value])
const opened = (socket) => said.filter(([s, type]) => s === socket && type === 'comm_open').map(([, , c]) => c.comm_id)

async function until(what, so) {
  for (const end = Date.now() + 20_000; !so(); await new Promise((r) => setTimeout(r, 10))) {
    if (Date.now() > end) throw new Error(`${what}: not so; said ${JSON.stringify(said.map(([, ...rest]) => rest))}`)
  }
}

run('kernel', 'target')
const held = globalThis.gonb_comm // as scripts of outputs hold it
held.subscribe('/a', (address, value) => held.send('/b', value + 1))
held.send('/early', 1)
await until('the page asks again', () => values(sockets[0]).length === 2)
const [comm, again] = opened(sockets[0])
assert.equal(comm, again)
assert.deepEqual(values(sockets[0]), [[comm, '#heartbeat/pong', true], [comm, '/early', 1]])

run('kernel', 'target')
assert.equal(globalThis.gonb_comm, held)
assert.ok(said.some(([s, type, c]) => s === sockets[0] && type === 'comm_close' && c.comm_id === comm))
await until('the page connects anew', () => values(sockets[1] ?? null).length === 1)
const [anew] = opened(sockets[1])
assert.notEqual(anew, comm)
sockets[1].hears(anew, '/a', 1)
assert.deepEqual(values(sockets[1]).at(-1), [anew, '/b', 2])
held.close()
assert.equal(globalThis.gonb_comm, undefined)
