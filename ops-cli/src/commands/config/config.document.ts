export interface SettingView {
  readonly env: string;
  readonly group: string;
  readonly description: string;
  readonly unit: string;
  readonly default: unknown;
  readonly required: boolean;
  readonly secret: boolean;
  readonly refuses: string | null;
  /** The value in force, `(secret)` for a secret, null when it is not set. */
  readonly value: string | null;
}

export interface ConfigCheckDocument {
  readonly profile: string;
  readonly examined: number;
  readonly problems: readonly { readonly env: string; readonly message: string; readonly fix: string }[];
}
