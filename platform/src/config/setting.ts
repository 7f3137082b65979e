/** What one setting is: the shape every entry of the settings catalogue has. */
import { z } from 'zod';
import type { Profile } from './profiles.ts';

/** A default as the environment would spell it, one for all profiles or one per profile; undefined means required. */
type DefaultText = string | Readonly<Record<Profile, string>>;

export interface SettingDeclaration<T> {
  /** Environment variable. Secrets may also be given as a file: `<env>_FILE`. */
  readonly env: string;
  readonly group: 'server' | 'database' | 'redis' | 'identity' | 'http' | 'realtime' | 'jobs' | 'files' | 'telemetry' | 'shutdown';
  readonly description: string;
  /** Unit of a number or the form of a text, for the reader of the documentation. */
  readonly unit: string;
  readonly schema: z.ZodType<T, string>;
  readonly default?: DefaultText;
  /** True when leaving it out is fine and means "off". */
  readonly optional?: boolean;
  /** Never shown, never logged; may come from a file. */
  readonly secret?: boolean;
  /** What production (and staging, when said so) refuses, in words. */
  readonly refuses?: string;
  /** What `.env.example` shows; secrets get a placeholder that the start refuses. */
  readonly example?: string;
}

export function defineSetting<T>(declaration: SettingDeclaration<T>): SettingDeclaration<T> {
  return declaration;
}

/** The default in the given profile, undefined when the setting is required or off. */
export function defaultOf(setting: SettingDeclaration<unknown>, profile: Profile): string | undefined {
  return typeof setting.default === 'object' ? setting.default[profile] : setting.default;
}

/** A URL with one of these protocols. */
export const urlOf = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => protocols.includes(URL.parse(text)?.protocol ?? ''),
      `is not a URL that starts with ${protocols.map((name) => `${name}//`).join(' or ')}`,
    );
