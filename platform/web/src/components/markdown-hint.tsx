const examples = [
  ['**bold**', 'bold'],
  ['*italic*', 'italic'],
  ['[words](https://…)', 'link'],
  ['> quoted', 'quote'],
  ['- item', 'list'],
  ['`code`', 'code'],
] as const;

export function MarkdownHint() {
  return (
    <details className="text-muted text-sm">
      <summary className="hover:text-ink w-fit">Formatting with Markdown</summary>
      <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1">
        {examples.map(([typed, meaning]) => (
          <div key={typed} className="flex gap-2">
            <dt className="font-mono">{typed}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
