// Drives JupyterLab in a real browser through what a user of hpgo does: type,
// complete, run, interrupt, slide, reload, restart. Prints one line of JSON for
// each step, {step, ok, detail}; who runs it judges.
//
// usage: node lab.mjs '{"url":..., "chromium":..., "shots":..., "widgets":true, "dark":false, "patience":ms}'
//
// url opens the notebook of browser_test.go; widgets says whether the page has
// ipywidgets; shots is a folder for pictures, empty for none.
import { createRequire } from 'node:module'

const { chromium } = createRequire(import.meta.url)('playwright-core')
const given = JSON.parse(process.argv[2])

const browser = await chromium.launch({ executablePath: given.chromium, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] })
const page = await browser.newPage({ viewport: { width: 1100, height: 1300 }, ignoreHTTPSErrors: true, colorScheme: given.dark ? 'dark' : 'light' })
page.setDefaultTimeout(given.patience)
const sockets = []
page.on('websocket', (w) => sockets.push(w.url()))

const report = (step, ok, detail) => console.log(JSON.stringify({ step, ok, detail: String(detail).slice(0, 2000) }))
const shot = async (name) => { if (given.shots) await page.screenshot({ path: `${given.shots}/${name}.png` }) }

// step runs one step and reports it; a failed one doesn't keep the others from
// being tried.
async function step(name, run) {
  try { report(name, true, (await run()) ?? '') } catch (e) { report(name, false, e.stack) }
  await shot(name)
}

const cell = (n) => page.locator('.jp-Notebook .jp-CodeCell').nth(n)
const output = (n) => cell(n).locator('.jp-Cell-outputArea')

// until waits for something to become true.
async function until(what, so) {
  const end = Date.now() + given.patience
  for (let last; ; await page.waitForTimeout(100)) {
    try { if (await so()) return } catch (e) { last = e }
    if (Date.now() > end) throw new Error(`${what}: not so after ${given.patience} ms${last ? ': ' + last : ''}`)
  }
}

const says = (n, text) => until(`cell ${n} says ${text}`, async () => (await output(n).innerText()).includes(text))

async function edit(n) {
  await cell(n).locator('.cm-content').click()
}

async function run(n) {
  await edit(n)
  await page.keyboard.press('Shift+Enter')
}

async function menu(name, entry) {
  await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${name}$`) }).click()
  await page.locator('.lm-Menu-itemLabel', { hasText: entry }).first().click()
}

async function accept() {
  const button = page.locator('.jp-Dialog button.jp-mod-accept')
  if (await button.count()) await button.first().click()
}

async function open() {
  await page.goto(given.url)
  await page.waitForSelector('.jp-Notebook .jp-CodeCell .cm-content')
  await until('the kernel is there', async () => /idle/i.test(await page.locator('#jp-main-statusbar').innerText()))
}

// slide moves the first slider of a cell by keys and waits for the number.
async function slide(n, times, want) {
  const handle = output(n).locator(given.widgets ? '.noUi-handle' : '.hpgo-widget input[type=range]:not([disabled])').first()
  await handle.waitFor()
  await handle.focus()
  for (let i = 0; i < times; i++) await page.keyboard.press('ArrowRight')
  await says(n, want)
}

try {
  await step('open', async () => {
    await open()
    await accept()
    if (given.dark) await menu('Settings', 'Theme').then(() => page.locator('.lm-Menu-itemLabel', { hasText: /^JupyterLab Dark$/ }).click())
  })
  await step('type', async () => {
    await edit(0)
    await page.keyboard.type('x := 41')
    await page.keyboard.press('Enter')
    await page.keyboard.type('x + 1')
    await page.keyboard.press('Shift+Enter')
    await says(0, '42')
  })
  await step('complete', async () => {
    await edit(1)
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Tab') // behind strings.ToUpp
    const item = page.locator('.jp-Completer-item', { hasText: 'ToUpper' }).first()
    await until('a completion', async () => await item.isVisible() || (await cell(1).locator('.cm-content').innerText()).includes('ToUpper'))
    if (await item.isVisible()) await page.keyboard.press('Enter')
    await page.keyboard.type('("done")')
    await page.keyboard.press('Shift+Enter')
    await says(1, 'DONE')
  })
  await step('hover', async () => {
    await edit(1)
    await page.keyboard.press('Control+Home')
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+Tab')
    const tip = page.locator('.jp-Tooltip')
    await until('a tooltip', async () => (await tip.innerText()).includes('ToUpper'))
    await shot('tooltip')
    await page.keyboard.press('Escape')
  })
  await step('interrupt', async () => {
    await run(2)
    await says(2, 'running')
    await menu('Kernel', /^Interrupt Kernel/)
    await says(2, 'Interrupted')
    return output(2).innerText()
  })
  await step('variables', async () => {
    await run(3)
    await says(3, '41')
  })
  await step('slide', async () => {
    await run(4)
    await says(4, 'n is 50')
    await until('a picture', async () => await output(4).locator('svg, img').count() > 0)
    await slide(4, 3, 'n is 53')
  })
  await step('callback', async () => {
    await run(5)
    await output(5).getByRole('button', { name: 'press', exact: true }).click()
    await says(5, 'pressed 1')
    await output(5).locator('input[type=text]').fill('abc')
    await says(5, 'typed abc')
    await output(5).locator('select').selectOption('two')
    await says(5, 'chose two')
    await output(5).locator('input[type=checkbox]').click()
    await says(5, 'ticked true')
  })
  await step('endless', async () => {
    await output(5).getByRole('button', { name: 'for ever', exact: true }).click()
    await says(5, 'began')
    await until('the kernel says that it is busy', async () => /busy/i.test(await page.locator('#jp-main-statusbar').innerText()))
    await menu('Kernel', /^Interrupt Kernel/)
    await says(5, 'Interrupted')
    await output(5).getByRole('button', { name: 'press', exact: true }).click()
    await says(5, 'pressed 2')
  })
  await step('reload', async () => {
    await menu('File', /^Save Notebook$/)
    await page.waitForTimeout(1000)
    await open()
    await says(4, 'n is 53')
    await slide(4, 4, 'n is 57')
  })
  await step('restart', async () => {
    await menu('Kernel', /^Restart Kernel…/)
    await accept()
    await until('the kernel is back', async () => /idle/i.test(await page.locator('#jp-main-statusbar').innerText()))
    await run(4)
    await says(4, 'n is 50')
    await slide(4, 2, 'n is 52')
  })
  report('sockets', true, sockets.filter((u) => u.includes('/channels')).join(' '))
} finally {
  await browser.close()
}
