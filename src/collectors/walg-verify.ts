import type { StatusDocument } from '../document/schema.ts';
import { CollectError, TimeLimitError, asCollectError } from '../errors.ts';
import { WalgFailure } from '../walg/program.ts';
import { builtForAnother } from '../walg/version.ts';
import type { Walg } from '../walg/client.ts';
import { verifier, type Verified, type Verify } from '../walg/verify.ts';
import type { VerifyReply } from '../walg/replies.ts';
import type { Collector } from './collector.ts';

/** Is the WAL in the storage complete (integrity), and is its highest timeline that of the cluster (timeline)? */
export const walgVerify: Collector<Pick<StatusDocument, 'walg_timeline' | 'walg_integrity'>> = {
  unknown: { walg_timeline: null, walg_integrity: null },

  async collect({ walg, patroni, earlier }) {
    if (earlier !== undefined) {
      const { verifiedEarlier } = await import('./verified-before.ts');
      const before = await verifiedEarlier({ walg, patroni }, earlier);
      if (before !== undefined) return { part: before.part, failures: [], collectedAt: before.at };
    }
    const verify = await verifier(walg, patroni);
    const { reply, failures } = await bothOrEach(verify, walg);
    return {
      part: {
        walg_timeline: reply.timeline === undefined ? null : { timeline: reply.timeline },
        walg_integrity: reply.integrity === undefined ? null : { integrity: reply.integrity },
      },
      failures,
    };
  },
};

/** One call lists the WAL once for both checks. If one of them fails, WAL-G prints nothing, so each is then run separately. */
async function bothOrEach(verify: Verify, walg: Walg): Promise<Verified> {
  try {
    return await verify(['integrity', 'timeline']);
  } catch (error) {
    if (error instanceof TimeLimitError) throw error;
    // 0.2.15 has no wal-verify, that of 0.2.18 and 0.2.19 takes no checks as arguments
    if (error instanceof WalgFailure && error.refused(/unknown command/))
      throw (
        (await builtForAnother(walg)) ??
        new CollectError('this wal-g cannot verify the WAL: WAL-G 0.2.20 or newer is needed')
      );
    return eachAlone(verify, asCollectError(error));
  }
}

/** The timeline first: it needs neither the metadata of a backup nor an encryption key. */
async function eachAlone(verify: Verify, whole: CollectError): Promise<Verified> {
  const reply: VerifyReply = {};
  const failures: CollectError[] = [];
  for (const check of ['timeline', 'integrity'] as const) {
    try {
      const alone = await verify([check]);
      Object.assign(reply, alone.reply);
      failures.push(...alone.failures);
    } catch (error) {
      failures.push(asCollectError(error));
    }
  }
  if (Object.keys(reply).length === 0) throw whole;
  return { reply, failures };
}
