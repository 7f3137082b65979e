import { literal, quoteIdentifier } from '@sanctum/migrations/sql-text';

/** The check that has to speak (or, of a look-alike, must not), and the statements. */
export type CorpusShape = readonly [check: string, statements: string];

/** How foreign schemas name things: a web framework, a mapper of classes, an old commercial database. */
const styles: readonly Readonly<Record<string, string>>[] = [
  { t: 'order_items', p: 'customers', a: 'customer_id', b: 'state', i: 'index_order_items_on_customer_id', j: 'idx2' },
  { t: 'OrderItem', p: 'Customer', a: 'CustomerId', b: 'Order', i: 'IX_OrderItem_CustomerId', j: 'IX_OrderItem.2' },
  { t: 'ORDER LINE', p: 'user', a: 'CUST"NO', b: 'select', i: 'ix; drop table victims; --', j: 'ix\nsecond' },
];

export interface CorpusCase {
  readonly schema: string;
  readonly check: string;
  readonly statements: readonly string[];
}

/** Every shape in every style, each in a schema of its own: `<prefix>12b`. */
export function casesOf(prefix: string, shapes: readonly CorpusShape[]): CorpusCase[] {
  return shapes.flatMap(([check, text], at) =>
    styles.map((names, style) => {
      const filled = (statement: string) =>
        statement
          .replaceAll(/\{(\w)\$\}/g, (_, key: string) => literal(names[key] ?? key).text)
          .replaceAll(/'\{(\w)\}'/g, (_, key: string) => literal(`"${(names[key] ?? key).replaceAll('"', '""')}"`).text)
          .replaceAll(/\{(\w)\}/g, (_, key: string) => quoteIdentifier(names[key] ?? key));
      return { schema: `${prefix}${at}${'abc'[style] ?? ''}`, check: `postgres/${check}`, statements: text.split('; ').map(filled) };
    }),
  );
}
