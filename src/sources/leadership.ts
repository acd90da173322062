import { asError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import { leads } from '../document/members.ts';
import type { SourceSettings } from './source.ts';

export interface Standing {
  /** Why publishing is left to somebody else. */
  stepsBack?: string;
  /** Why nobody can tell: then the document goes stale, and its consumer's alarm rings. */
  unknown?: string;
}

/** Whether this node is the one that publishes (contract: the leader alone), where publishing was asked for. */
export async function standing({ publishes, publishFrom }: SourceSettings, patroni: Patroni): Promise<Standing> {
  if (!publishes || publishFrom === 'any') return {};
  try {
    const { role, patroni: member } = await patroni.node();
    if (leads(role)) return {};
    return { stepsBack: `${member.name ?? 'this node'} has the role ${role}: publishing is left to the leader` };
  } catch (error) {
    return { unknown: `not published, for whether this node leads could not be learnt: ${asError(error).message}` };
  }
}
