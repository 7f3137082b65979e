/** How tests start a browser, and how `make tools` tries it. */
import { type Browser, chromium } from 'playwright-core';

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // Containers have no user namespaces for the sandbox; background traffic would leave the machine.
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export interface TextSize {
  readonly width: number;
  readonly height: number;
}

/** How large the browser draws a word. Nothing in both directions means that it found no font. */
export async function measureText(executablePath: string): Promise<TextSize> {
  const browser = await launchBrowser(executablePath);
  try {
    const page = await browser.newPage();
    await page.setContent('<span id="text">Sanctum</span>');
    const size = '(({ width, height }) => ({ width, height }))(document.getElementById("text").getBoundingClientRect())';
    return await page.evaluate<TextSize>(size);
  } finally {
    await browser.close();
  }
}
