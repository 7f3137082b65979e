import { defineCheck, fingerprint, type Finding } from '../../src/check.ts';
import { importCycles, importsOf } from '../../src/source/imports.ts';
import { brokenLayer } from '../../src/source/layers.ts';
import { serverSources } from '../../src/source/typescript.ts';

const risk = 'Rules end up where nobody looks for them, and a change in one room breaks another.';
const impact = 'Developers: every later change costs more. Users: checks of access and limits are passed by.';

export default defineCheck({
  id: 'code/layer-broken',
  title: 'Import against the direction of the layers',
  area: 'tests',
  severity: 'high',
  needs: ['repository'],
  requirements: ['ARCH-01', 'REV-04'],
  timeoutMs: 20_000,
  run: async ({ repository }) => {
    const imports = (await serverSources(repository)).flatMap(importsOf);
    const broken = imports.flatMap((edge): Finding[] => {
      const found = brokenLayer(edge);
      if (found === undefined) return [];
      const subject = `${edge.from} → ${edge.specifier}`;
      return [
        {
          subject,
          detail: found.reason,
          location: `${edge.from}:${edge.line}`,
          risk,
          impact,
          fix: found.fix,
          fingerprint: fingerprint('layer', edge.from, edge.specifier),
        },
      ];
    });
    const cycles = importCycles(imports).map((path): Finding => ({
      subject: path.join(' → '),
      detail: 'These files import each other in a circle.',
      location: path[0] ?? '',
      risk: 'What a file sees depends on which one was loaded first.',
      impact,
      fix: 'Move what both need into a third file that imports neither.',
      fingerprint: fingerprint('cycle', ...path.toSorted()),
    }));
    return { examined: imports.length, findings: [...broken, ...cycles] };
  },
});
