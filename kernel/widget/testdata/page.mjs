// Runs page.js against a server that loses the kernel's first answer, as one does
// that takes a new socket's messages before it passes the kernel's on to it.
//
// usage: node page.mjs page.js
import { readFileSync } from 'node:fs'
import vm from 'node:vm'

const input = { disabled: true, value: '', setAttribute() {}, addEventListener() {} }
const shown = { textContent: '' }
const slider = {
  dataset: { model: 'm1', kind: 'IntSliderModel' }, isConnected: true,
  querySelector: (q) => ({ input, output: shown })[q] ?? null,
  querySelectorAll: (q) => q.includes('input') ? [input] : [],
}
const line = { textContent: '' }
const root = {
  dataset: { kernel: 'k1' },
  querySelector: (q) => q === '.hpgo-note' ? line : null,
  querySelectorAll: (q) => q === '[data-model]' ? [slider] : q.includes('input') ? [input] : [],
}
const asked = []
class Socket {
  static OPEN = 1
  readyState = 0
  constructor() { setTimeout(() => { this.readyState = 1; this.onopen() }) }
  send(text) {
    const msg = JSON.parse(text)
    asked.push(msg)
    if (asked.length === 1) return
    this.onmessage({ data: JSON.stringify({
      msg_type: 'comm_msg', parent_header: { session: msg.header.session },
      content: { comm_id: 'm1', data: { method: 'update', state: { value: 7 } } },
    }) })
  }
}
const document = {
  body: { dataset: {} }, getElementById: () => ({ textContent: '{"baseUrl":"/","wsUrl":"ws://localhost/"}' }),
  querySelectorAll: () => root.dataset.live === undefined ? [root] : [],
}
const page = { document, location: new URL('http://localhost/lab'), WebSocket: Socket, URL, JSON, Map, setTimeout, crypto: globalThis.crypto }
page.window = page
vm.runInNewContext(readFileSync(process.argv[2], 'utf8'), page)
await new Promise((done) => setTimeout(done, 1500))
if (asked.length !== 2 || input.disabled || String(input.value) !== '7' || line.textContent !== '') {
  console.error(`asked ${asked.length} times, disabled ${input.disabled}, value ${input.value}, note ${line.textContent}`)
  process.exit(1)
}
