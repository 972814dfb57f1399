// Opens a notebook in JupyterLab, runs all its cells and saves it.
//
// usage: node runall.mjs '{"url":..., "chromium":..., "patience":ms}'
import { createRequire } from 'node:module'

const { chromium } = createRequire(import.meta.url)('playwright-core')
const given = JSON.parse(process.argv[2])

const browser = await chromium.launch({ executablePath: given.chromium, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] })
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1300 }, ignoreHTTPSErrors: true })
  page.setDefaultTimeout(given.patience)
  page.on('console', (m) => { if (m.type() === 'error') console.error(m.text()) })
  // Whatever JupyterLab asks at its start, the answer is yes; the kernel is ours.
  const dialog = page.locator('.jp-Dialog')
  await page.addLocatorHandler(dialog, async () => {
    console.error('dialog:', await dialog.first().innerText())
    const choice = dialog.first().locator('select')
    if (await choice.count()) await choice.first().selectOption({ label: 'Go (hpgo)' })
    await page.locator('.jp-Dialog button.jp-mod-accept').first().click()
  }, { noWaitAfter: true }) // one dialog may follow another
  await page.goto(given.url)
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor()
  // Before the page has its kernel, running would ask for one, cell by cell. The
  // notebook's own indicator is idle without a kernel.
  await page.locator('#jp-main-statusbar').getByText('Go (hpgo) | Idle').first().waitFor()
  const menu = async (name, entry) => {
    await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${name}$`) }).click()
    await page.locator('.lm-Menu-itemLabel', { hasText: entry }).first().click()
  }
  // Cells out of sight have no text; those that wait or run have a star, those
  // that ran a number.
  const prompts = page.locator('.jp-Notebook .jp-CodeCell .jp-InputPrompt')
  const show = async (what) => (await prompts.allInnerTexts()).some((text) => what.test(text))
  const waiting = () => show(/\*/)
  // A page that shows an idle kernel may still be connecting to it, and then
  // running does nothing.
  for (let tries = 0; !await show(/[*\d]/); tries++) {
    if (tries === 5) throw new Error('the cells do not run')
    await menu('Run', /^Run All Cells$/)
    for (let i = 0; i < 50 && !await show(/[*\d]/); i++) await page.waitForTimeout(100)
  }
  for (const end = Date.now() + given.patience; await waiting(); await page.waitForTimeout(200)) {
    if (Date.now() > end) throw new Error(`after ${given.patience} ms cells still run`)
  }
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first().waitFor({ state: 'attached' })
  await Promise.all([
    page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().includes('/api/contents/')),
    menu('File', /^Save Notebook$/),
  ])
} finally {
  await browser.close()
}
