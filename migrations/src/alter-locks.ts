import type { LockMode } from './lock-mode.ts';
import { onRelation } from './named-locks.ts';
import type { NamedLock } from './named-locks.ts';
import { isNode, relationName } from './nodes.ts';
import type { ParseNode } from './parser.ts';

/** ALTER TABLE subcommands that take less than ACCESS EXCLUSIVE (PostgreSQL manual, ALTER TABLE). */
const lighterCommands: Readonly<Record<string, LockMode>> = {
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

/** The locks of ALTER TABLE, ALTER INDEX, ALTER VIEW and their kin: one command after the other, in one statement. */
export function alterLocks(node: ParseNode): NamedLock[] {
  if (node['objtype'] !== 'OBJECT_TABLE' && node['objtype'] !== 'OBJECT_INDEX') return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
  const commands = Array.isArray(node['cmds']) ? node['cmds'] : [];
  return commands.flatMap((wrapped: unknown) =>
    commandLocks(node['relation'], isNode(wrapped) && isNode(wrapped['AlterTableCmd']) ? wrapped['AlterTableCmd'] : {}),
  );
}

function commandLocks(relation: unknown, command: ParseNode): NamedLock[] {
  const subtype = String(command['subtype']);
  const own = onRelation(relation, lighterCommands[subtype] ?? 'ACCESS EXCLUSIVE');
  const definition = isNode(command['def']) ? command['def'] : {};
  const partition = isNode(definition['PartitionCmd']) ? definition['PartitionCmd'] : {};
  switch (subtype) {
    case 'AT_AddConstraint': {
      const targets = foreignTargets(definition).map((name): NamedLock => [name, 'SHARE ROW EXCLUSIVE']);
      return targets.length === 0 ? own : [...onRelation(relation, 'SHARE ROW EXCLUSIVE'), ...targets];
    }
    case 'AT_AddColumn':
      return [...own, ...referencedBy([definition]).map((name): NamedLock => [name, 'SHARE ROW EXCLUSIVE'])];
    case 'AT_AddInherit':
      return [...own, ...onRelation(definition, 'SHARE UPDATE EXCLUSIVE')];
    case 'AT_AttachPartition':
      return [...own, ...onRelation(partition['name'], 'ACCESS EXCLUSIVE')];
    case 'AT_DetachPartition': {
      const mode: LockMode = partition['concurrent'] === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
      // Concurrently, the partition is locked against everybody too, once nobody uses it through its parent any more.
      return [...onRelation(relation, mode), ...onRelation(partition['name'], 'ACCESS EXCLUSIVE')];
    }
    default:
      return own;
  }
}

/** Tables that the definitions of columns and constraints refer to. */
export function referencedBy(elements: unknown): string[] {
  if (!Array.isArray(elements)) return [];
  return elements.flatMap((item: unknown) => {
    if (!isNode(item)) return [];
    const column = item['ColumnDef'];
    if (isNode(column) && Array.isArray(column['constraints'])) return column['constraints'].flatMap(foreignTargets);
    return foreignTargets(item);
  });
}

function foreignTargets(item: unknown): string[] {
  const constraint = isNode(item) ? item['Constraint'] : undefined;
  if (!isNode(constraint) || constraint['contype'] !== 'CONSTR_FOREIGN' || !isNode(constraint['pktable'])) return [];
  return [relationName(constraint['pktable'])];
}
