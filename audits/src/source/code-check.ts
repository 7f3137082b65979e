/** A check that walks our code with its types: what it looks for, where, and what a finding says. */
import type ts from 'typescript-js-api';
import { type Check, defineCheck, fingerprint, type Finding } from '../check.ts';
import { type CodeFile, type Program, programOf } from './program.ts';

export interface Place {
  readonly node: ts.Node;
  /** One or two sentences. */
  readonly detail: string;
  /** When it differs from the check's. */
  readonly fix?: string;
}

export interface CodeCheck extends Pick<Check, 'id' | 'title' | 'area' | 'severity' | 'requirements'> {
  /** Which files are judged. */
  readonly where: (path: string) => boolean;
  readonly look: (file: CodeFile, program: Program) => readonly Place[];
  readonly risk: string;
  readonly impact: string;
  readonly fix: string;
}

const timeoutMs = 60_000;

export function defineCodeCheck({ where, look, risk, impact, fix, ...declaration }: CodeCheck): Check {
  return defineCheck({
    ...declaration,
    needs: ['repository'],
    timeoutMs,
    run: async ({ repository }) => {
      const program = await programOf(repository);
      const files = program.files.filter(({ path }) => where(path));
      const findings = files.flatMap((file) => {
        const seen = new Map<string, number>();
        return look(file, program).map((place): Finding => {
          const text = place.node.getText().replaceAll(/\s+/g, ' ').slice(0, 160);
          const times = (seen.get(text) ?? 0) + 1;
          seen.set(text, times);
          return {
            subject: file.path,
            detail: place.detail,
            location: `${file.path}:${program.lineOf(place.node)}`,
            risk,
            impact,
            fix: place.fix ?? fix,
            fingerprint: fingerprint(declaration.id, file.path, text, String(times)),
          };
        });
      });
      return { examined: files.length, findings };
    },
  });
}
