// Opens pages of `stance report` in headless Chromium as a reader would: a
// click on a cell opens its evidence, also without script and by keyboard;
// text from the corpus stays inert; nothing is asked of a network; neither
// light nor dark, desktop nor phone makes the page wider than its window.
//
// usage: node check_page.mjs STANCE SAMPLE_OUT [NAUGHTY.txt]
//
// The lines of NAUGHTY.txt are tried beside the strings below. With the
// variable SCREENSHOTS set to a folder, pictures of the page are left there.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const [stance, sample, naughtyFile] = process.argv.slice(2)
if (!sample) {
  console.error('usage: node check_page.mjs STANCE SAMPLE_OUT [NAUGHTY.txt]')
  process.exit(64)
}
let checks = 0
function check(ok, message) {
  checks++
  if (!ok) throw new Error(message)
}

const strings = [
  '<script>window.hit=1;alert(1)</script>',
  '"><img src=x onerror="window.hit=1">',
  "'><svg/onload=window.hit=1>",
  '<img src="http://127.0.0.1:9/pixel.png"><link rel=stylesheet href="http://127.0.0.1:9/a.css">',
  '</style><style>body{display:none}</style>',
  '</title></head><body onload=window.hit=1><iframe src="javascript:parent.hit=1"></iframe>',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '<form action="http://127.0.0.1:9/"><button autofocus onfocus=window.hit=1>go</button></form>',
  '<a href="javascript:window.hit=1" id="e-0-0">here</a><base href="http://127.0.0.1:9/">',
  '\u202eright to left\u202c \u2066isolate\u2069 \u200bzero\ufeff width',
  '\u0007\u001b[31mred\u001b[0m \u0085\u2028\u2029',
  '{{.}} ${window.hit=1} {{constructor.constructor("window.hit=1")()}} <!-- --> ]]> &lt;b&gt;',
  'W'.repeat(4000),
  '𝕿𝖍𝖊 👩‍👩‍👧 ﷽ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
]
if (naughtyFile) {
  strings.push(...readFileSync(naughtyFile, 'utf8').split('\n').filter((s) => s !== '' && !s.startsWith('#')))
} else {
  console.log('check_page: no file of naughty strings; only the check\'s own are tried')
}

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p))
if (!executablePath) {
  console.error('check_page: no Chromium; install the package chromium')
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'stance-page-'))
// Root, as in a container, has no sandbox to use.
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

// open loads a page and counts what it must not do.
async function open(file, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.faults = []
  page.on('dialog', (d) => { page.faults.push(`dialog ${d.message()}`); d.dismiss() })
  page.on('request', (r) => { if (r.url().split('#')[0] !== pathToFileURL(file).href) page.faults.push(`request ${r.url()}`) })
  page.on('console', (m) => { if (m.type() === 'error') page.faults.push(`console ${m.text()}`) })
  page.on('pageerror', (e) => page.faults.push(`error ${e}`))
  page.on('popup', () => page.faults.push('popup'))
  await page.goto(pathToFileURL(file).href)
  return page
}

async function close(page, what) {
  check(page.faults.length === 0, `${what}: ${page.faults.join('; ')}`)
  await page.context().close()
}

async function clickThrough(file) {
  const shots = process.env.SCREENSHOTS
  for (const [name, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
    ['phone dark', { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: 'dark', deviceScaleFactor: 2 }],
    ['no script', { javaScriptEnabled: false }],
  ]) {
    const page = await open(file, options)
    const cells = page.locator('.matrix td a')
    const n = await cells.count()
    check(n > 0, `${name}: no cell`)
    check(await page.locator('.evidence:visible').count() === 0, `${name}: evidence is open before a click`)
    for (const i of [0, Math.floor(n / 2), n - 1]) {
      const link = cells.nth(i)
      const id = (await link.getAttribute('href')).slice(1)
      if (i === 0 && name === 'light') {
        await link.focus()
        await page.keyboard.press('Enter')
      } else {
        await link.click()
      }
      const evidence = page.locator('.evidence:visible')
      check(await evidence.count() === 1 && await evidence.getAttribute('id') === id, `${name}: a click on ${id} opens other evidence`)
      check(await evidence.locator('mark.cue').count() > 0 && await evidence.locator('mark.target').count() > 0, `${name}: ${id} marks no cue or no target`)
      const box = await evidence.boundingBox()
      const height = page.viewportSize().height
      check(box.y < height && box.y + box.height > 0, `${name}: ${id} opens out of sight`)
      if (shots && i === 0) await page.screenshot({ path: join(shots, `${name} evidence.png`) })
      await evidence.locator('a.close').click()
      check(await page.locator('.evidence:visible').count() === 0, `${name}: ${id} does not close`)
    }
    if (options.javaScriptEnabled !== false) {
      const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      check(wide <= window, `${name}: the page is ${wide} wide in a window of ${window}`)
      // Text and the ground behind it, as a reader sees them.
      const faint = await page.evaluate(contrast)
      check(faint.length === 0, `${name}: too little contrast: ${faint.slice(0, 5).join('; ')}`)
      if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
    }
    await close(page, name)
  }
}

// contrast lists texts whose ratio to the ground is below 4.5 (WCAG 2 AA).
function contrast() {
  const parse = (c) => c.match(/[\d.]+/g).map(Number)
  const luminance = ([r, g, b]) => {
    const f = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b)
  }
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor)
      if (c.length === 3 || c[3] === 1) return c
    }
    return [255, 255, 255]
  }
  const faint = new Set()
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue
    const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(ground(e))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) faint.add(`${e.tagName} ${e.className} ${ratio.toFixed(1)}`)
  }
  return [...faint]
}

async function inert() {
  const corpus = join(folder, 'naughty.jsonl')
  const lines = strings.map((s, i) => JSON.stringify({
    id: `n-${i} ${s}`, outlet: s, date: '2024-03-12', title: s, url: i % 2 ? s : `https://press.example/${s}`, byline: s,
    body: `Hamas accused Israel of ${s} in Cairo. ${s}\n\nHamas accused Israel of delay.`,
  }))
  lines.push(...strings.map((s, i) => JSON.stringify({ id: `r-${i}`, outlet: s, title: s, [s]: s })), ...strings)
  writeFileSync(corpus, lines.join('\n') + '\n')
  const pack = join(folder, 'pack.yaml')
  const named = strings.slice(0, 9).map((s, i) => `  - {id: naughty-${i}, label: ${JSON.stringify(s)}, kind: group, aliases: [Naughty${'abcdefghi'[i]}]}`)
  writeFileSync(pack, `pack: {id: naughty, version: 1.0.0, lang: en, license: CC0-1.0}\nparties:\n${named.join('\n')}\n`)
  execFileSync(stance, ['run', corpus, '--pack', pack, '-o', join(folder, 'out'), '--max-rejects', '100000', '--reject-limit', '100000'], { stdio: 'pipe' })
  const file = join(folder, 'naughty.html')
  execFileSync(stance, ['report', join(folder, 'out'), '-o', file], { stdio: 'pipe' })
  check(readFileSync(file).length < 2e6, 'the page is not bounded')
  for (const options of [{}, { viewport: { width: 360, height: 740 }, isMobile: true }]) {
    const page = await open(file, options)
    const cells = page.locator('.matrix td a')
    const seen = []
    for (let i = 0; i < await cells.count(); i++) {
      await cells.nth(i).click()
      check(await page.locator('.evidence:visible').count() === 1, `naughty: cell ${i} does not open`)
      seen.push(await page.locator('.evidence:visible').innerText())
      await page.locator('.evidence:visible a.close').click()
    }
    check(seen.length > 0 && seen.join().includes('Hamas'), 'naughty: no evidence')
    const state = await page.evaluate(() => ({
      hit: window.hit,
      elements: [...document.querySelectorAll('script, img, iframe, object, embed, link, base, form, input, button, video, audio, template')].length,
      handlers: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on|^style$|^srcdoc$/i.test(a.name))).length,
      hrefs: [...document.querySelectorAll('[href], [src], [xlink\\:href]')].map((e) => e.getAttribute('href') ?? '').filter((h) => !/^(#[a-z0-9-]+$|https?:\/\/)/.test(h)),
      hidden: getComputedStyle(document.body).display === 'none',
      control: /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(document.documentElement.textContent),
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }))
    check(state.hit === undefined, 'naughty: script ran')
    check(state.elements === 0 && state.handlers === 0, `naughty: ${state.elements} active elements, ${state.handlers} handlers`)
    check(state.hrefs.length === 0, `naughty: links to ${state.hrefs}`)
    check(!state.hidden && !state.control, 'naughty: text hides the page or holds control characters')
    check(state.wide <= 0, `naughty: the page is ${state.wide} too wide`)
    await close(page, 'naughty')
  }
}

// The policy is what holds if all else fails: it stops a script that is
// already in the page.
async function policy(file) {
  const planted = join(folder, 'planted.html')
  const html = readFileSync(file, 'utf8')
  writeFileSync(planted, html.replace('</main>', '<script>window.hit=1</script><img src="http://127.0.0.1:9/p.png" onerror="window.hit=1"><p style="position:fixed">x</p></main>'))
  const page = await browser.newPage()
  const requests = new Set()
  page.on('request', (r) => { if (r.url().startsWith('http')) requests.add(r) })
  page.on('requestfailed', (r) => { if (r.failure().errorText === 'csp') requests.delete(r) })
  await page.goto(pathToFileURL(planted).href)
  check(await page.evaluate(() => window.hit) === undefined, 'policy: a planted script ran')
  check(await page.evaluate(() => getComputedStyle(document.querySelector('main > p')).position) === 'static', 'policy: a planted style applies')
  await page.waitForTimeout(200)
  check(requests.size === 0, `policy: ${[...requests].map((r) => r.url())} asked for`)
  await page.close()
}

try {
  const file = join(folder, 'page.html')
  execFileSync(stance, ['report', sample, '-o', file], { stdio: 'pipe' })
  await clickThrough(file)
  await policy(file)
  await inert()
  console.log(`check_page: ${checks} checks passed in Chromium ${browser.version()}, ${strings.length} naughty strings`)
} catch (e) {
  console.error(`check_page: ${e.message}`)
  process.exitCode = 1
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
