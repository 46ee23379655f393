// Starts Chromium, opens pages of the site, and records requests to other hosts.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from '../../website/node_modules/playwright-core/index.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const SITE = path.join(ROOT, 'target/site');
export const IMAGES = path.join(ROOT, 'docs/images');
const BROWSERS = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export function launch() {
  const executablePath = BROWSERS.find((each) => each && existsSync(each));
  if (!executablePath) throw new Error('Chromium is missing: run scripts/setup-system docs, or set CHROMIUM');
  // Chromium's sandbox does not work for root, which is the user in many containers.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

export async function pageOf(browser, page, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  const external = [];
  const errors = [];
  tab.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) external.push(request.url());
  });
  tab.on('pageerror', (error) => errors.push(error.message));
  tab.setDefaultTimeout(90_000);
  await tab.goto(pathToFileURL(path.join(SITE, page)).href);
  await tab.waitForLoadState('networkidle');
  return { tab, external, errors };
}
