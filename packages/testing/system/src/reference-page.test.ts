import { join } from 'node:path';
import type { OpenApiDocument } from '@posthorn/contracts/api/openapi';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import type { Browser, Page } from 'puppeteer-core';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { browserTimeoutMs, startBrowser } from './fixtures/start-browser.ts';

/** `GET /api/v1/app`, in the page. */
const operation = '.opblock-get:has([data-path="/api/v1/app"])';

let system: LaunchedSystem;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([launchSystem({}, commandUnderTest()), startBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), system?.stop()]);
});

/** Opens the API reference. Everything that goes wrong in the page is collected, and every request that it makes. */
async function openReference(width: number) {
  const page = await browser.newPage();
  page.setDefaultTimeout(browserTimeoutMs);
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width, height: 900 });
  await page.goto(`${system.url}/docs`, { waitUntil: 'networkidle0' });
  await page.waitForSelector('.opblock');
  return { page, faults, requests };
}

/** `SCREENSHOTS` names a folder for pictures of the page. */
async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) as `${string}.png` });
}

const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth') as Promise<boolean>;

describe.each([
  ['a desktop', 1280],
  ['a phone', 390],
])('the API reference on %s', (name, width) => {
  it('shows every operation, breaks no rule of its policy, and asks no other server', async () => {
    const { page, faults, requests } = await openReference(width);
    const document = (await (await fetch(`${system.url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
    const count = Object.values(document.paths).flatMap(Object.keys).length;
    expect((await page.$$('.opblock')).length).toBe(count);
    expect(await isTooWide(page)).toBe(false);
    await takePicture(page, `${name} list`);
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(system.url) && !url.startsWith('data:'))).toEqual([]);
    await page.close();
  });

  it('sends a request with the token that is given', async () => {
    const svix = new Svix(system.token, { serverUrl: system.url });
    await svix.application.create({ name: `Seen on ${name}` });
    const { page, faults } = await openReference(width);
    await page.locator('button.authorize').click();
    await page.type('.auth-container input', system.token);
    await page.locator('.auth-btn-wrapper button.authorize').click();
    await page.locator('.auth-btn-wrapper button.btn-done').click();
    await page.locator(`${operation} .opblock-summary-control`).click();
    await page.locator(`${operation} button.execute`).click();
    const answer = await page.waitForSelector(`${operation} .live-responses-table .response`);
    const text = await answer?.evaluate((element: { textContent: string | null }) => element.textContent);
    expect(text).toContain('200');
    expect(text).toContain(`Seen on ${name}`);
    expect(await isTooWide(page)).toBe(false);
    await takePicture(page, `${name} request`);
    expect(faults).toEqual([]);
    await page.close();
  });
});
