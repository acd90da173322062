import { isAtLeast } from '../document/members.ts';
import type { Answer, Answered } from '../patroni/members.ts';
import { withoutSlash } from '../patroni/base-url.ts';
import { leadership } from '../sources/leadership.ts';
import type { Check } from './check.ts';
import { failed, type Finding, ok, skipped, together, warning } from './finding.ts';
import type { SetUp } from './set-up.ts';

/** Patroni at each URL: its version and its role. */
export const patroni: Check = {
  name: 'patroni',
  what: "whether Patroni's REST API answers, its version, and the role of the member",
  hint: 'Start Patroni, or set --patroni-url to the address in restapi.listen of its configuration.',
  isDiagnosed: true,
  examine: async ({ setUp, patroni: client }) => {
    const { urls, tls } = setUp.patroni;
    if (urls.fault !== undefined) return skipped('not examined, because --patroni-url is not valid');
    if (client === undefined)
      return skipped(`not examined, because the files for TLS cannot be used (${String(tls.fault)})`);
    const answers = await client.members();
    const findings = answers.map((answer, index) => ofMember(answer, index === 0));
    const gate = setUp.publishing === undefined ? undefined : await leadership(publishing(setUp), client);
    if (gate?.publishing === 'refused') findings.push(ok(gate.why));
    return together(findings);
  },
};

function publishing({ publishFrom }: SetUp): Parameters<typeof leadership>[0] {
  return { publishes: true, publishFrom };
}

/** The first one is this node; if another one does not answer, the others can speak for the cluster. */
function ofMember(answer: Answer, isFirst: boolean): Finding {
  if (answer.reply !== undefined) return ofReply(answer);
  return isFirst ? failed(answer.failure.message) : warning(answer.failure.message);
}

function ofReply({ url, reply }: Answered): Finding {
  const { version, name, scope } = reply.patroni;
  const member = [name ?? 'a member', ...(scope == null ? [] : [`of ${scope}`])].join(' ');
  const reason = `${withoutSlash(url)}: Patroni ${version ?? 'of an unknown version'}; ${member}, role ${reply.role}, state ${reply.state}`;
  if (version == null || isAtLeast(version, 2)) return ok(reason);
  return warning(reason, 'Upgrade Patroni: versions before 2.0 were not tried with this program.');
}
