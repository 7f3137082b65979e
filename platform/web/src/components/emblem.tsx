const sizes = { small: 'size-7 text-sm', medium: 'size-10 text-lg', large: 'size-16 text-3xl' } as const;

/** Pairs of ground and letter, each at least 4.5:1. Picked by name, so that a sanctum keeps its colour. */
const tints = [
  'bg-[#d8ecdf] text-[#0f5138] dark:bg-[#123a2a] dark:text-[#9fe3c2]',
  'bg-[#f9e3d5] text-[#7d3208] dark:bg-[#43230f] dark:text-[#ffc09a]',
  'bg-[#dfe6f8] text-[#263f86] dark:bg-[#1b2a52] dark:text-[#b6c8ff]',
  'bg-[#f3dff0] text-[#722264] dark:bg-[#421b3b] dark:text-[#f4b5e8]',
  'bg-[#f6ecc4] text-[#5f4a00] dark:bg-[#3a3008] dark:text-[#eed777]',
  'bg-[#d6edf0] text-[#0c5159] dark:bg-[#0d363c] dark:text-[#93dbe4]',
  'bg-[#e8e0f7] text-[#4c2a8c] dark:bg-[#2d1f52] dark:text-[#cfb9ff]',
  'bg-[#f8dcdc] text-[#86201f] dark:bg-[#471a1a] dark:text-[#ffb3ae]',
] as const;

function tintOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return tints[sum % tints.length] ?? tints[0];
}

interface EmblemProps {
  readonly name: string;
  readonly size?: keyof typeof sizes;
}

const letter = (name: string) => (Array.from(name)[0] ?? '?').toUpperCase();

/** A sanctum's sign: an arched window with its letter. */
export function SanctumEmblem({ name, size = 'small' }: EmblemProps) {
  return (
    <span
      aria-hidden="true"
      className={`font-display inline-flex shrink-0 items-center justify-center rounded-t-full rounded-b-md pt-0.5 font-bold ${sizes[size]} ${tintOf(name)}`}
    >
      {letter(name)}
    </span>
  );
}

/** A person's sign: round, so that people and places are told apart at a glance. */
export function PersonEmblem({ name, size = 'small' }: EmblemProps) {
  return (
    <span
      aria-hidden="true"
      className={`font-display inline-flex shrink-0 items-center justify-center rounded-full font-bold ${sizes[size]} ${tintOf(name)}`}
    >
      {letter(name)}
    </span>
  );
}
