/** A browser for the flows in `*.browser.test.ts`. It is believed when it gives text a size: without a font it renders none. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureText, type TextSize } from '../../platform/test/harness/browser.ts';
import { installPackages } from './apt.ts';
import type { Tool } from './ensure-tool.ts';
import { run } from './run.ts';
import { unpackInto, writeWrapper } from './wrapper.ts';

const serverlessChromium = '@sparticuz/chromium@149.0.0';

/** Fonts of the package, beside those of the machine where it has any. */
const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** A headless Chromium with its own libraries and fonts from an npm package. */
function unpackChromium(toolsFolder: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `there is none for ${process.platform} on ${process.arch}`;
  const problem = unpackInto(toolsFolder, 'chromium', fillWithChromium);
  if (problem !== undefined) return problem;
  writeWrapper(toolsFolder, 'chromium', {
    program: 'chromium/chromium',
    libraries: ['chromium/al2023/lib'],
    environment: { FONTCONFIG_FILE: 'chromium/fonts.conf' },
  });
  return undefined;
}

function fillWithChromium(draft: string): string | undefined {
  const packageFolder = join(draft, 'package');
  const installed = run('npm', ['install', '--no-save', '--prefix', packageFolder, serverlessChromium]).problem;
  if (installed !== undefined) return installed;
  // The package unpacks into the system's temporary folder, and its libraries only where it believes to run in a cloud function.
  const environment = { ...process.env, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', TMPDIR: draft };
  const script = `import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());`;
  const unpacked = run(process.execPath, ['--input-type=module', '-e', script], { cwd: packageFolder, environment }).problem;
  if (unpacked !== undefined) return unpacked;
  renameSync(join(draft, 'fonts/fonts'), join(draft, 'fonts-unpacked'));
  rmSync(join(draft, 'fonts'), { recursive: true });
  renameSync(join(draft, 'fonts-unpacked'), join(draft, 'fonts'));
  writeFileSync(join(draft, 'fonts.conf'), fontsConfiguration);
  rmSync(packageFolder, { recursive: true, force: true });
  return undefined;
}

async function probeText(path: string, measure: (path: string) => Promise<TextSize>): Promise<string | undefined> {
  try {
    const { width, height } = await measure(path);
    return width > 0 && height > 0 ? undefined : `${path} gives text no size: it finds no font`;
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n').filter((line) => line.trim() !== '');
    // The browser's own last words stand in the middle of a long report.
    const reason = lines.find((line) => /error while loading|cannot open|not found|No such file/.test(line)) ?? lines[0];
    return `${path} does not run: ${reason?.trim()}`;
  }
}

export const createChromiumTool = (measure: (path: string) => Promise<TextSize> = measureText): Tool => ({
  title: 'Chromium',
  programs: ['chromium'],
  probe: async (find) => {
    const path = find('chromium');
    return path === undefined ? 'chromium was not found' : probeText(path, measure);
  },
  ways: [
    { name: 'apt-get install', install: () => installPackages(['chromium']) },
    { name: `unpacked from the npm package ${serverlessChromium}`, install: unpackChromium },
  ],
  advice:
    'install Chromium or Google Chrome, and a font (Debian: sudo apt-get install chromium fonts-dejavu-core), or set SANCTUM_CHROMIUM to one',
});
