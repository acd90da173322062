import { namespaceLabels, tryPatch, type PatchedConfigMap } from '../kubectl/probe.ts';
import { isFoundByZabbix, ZABBIX_LABEL } from '../kubectl/published.ts';
import type { ConfigMap } from '../kubectl/settings.ts';
import { list } from '../text/words.ts';
import type { Check } from './check.ts';
import { failed, type Finding, ok, skipped, together, warning } from './finding.ts';
import type { Subject } from './subject.ts';

/** Whether publishing would succeed, found out by a patch that changes nothing, and whether the right programs find the ConfigMap. */
export const configmap: Check = {
  name: 'configmap',
  what: 'whether this account may patch the ConfigMap, and who else finds it',
  needs: ['kubectl'],
  hint: 'Create the ConfigMap and a Role with the verb "patch" on it: examples/kubernetes/sidecar.yaml.',
  isDiagnosed: true,
  examine: async (subject) => {
    const { setUp, budget, learnt } = subject;
    const { configMap, kubectl } = setUp.publishing ?? {};
    if (kubectl?.value === undefined) return skipped('not needed: nothing is published without --configmap');
    if (configMap === undefined)
      return skipped('its name may be STATUS_NAME in the WAL-G environment, which cannot be read');
    if (configMap.fault !== undefined) return failed(configMap.fault);
    const started = performance.now();
    const found = await tryPatch(configMap.value, kubectl.value, budget.deliver);
    learnt.patchTime = performance.now() - started;
    learnt.configMap = found;
    const { name, namespace = configMap.value.namespace ?? 'default' } = found.metadata;
    const where = `ConfigMap ${name} in namespace ${namespace}`;
    const labels = isFoundByZabbix(name) && (await namespaceLabels(namespace, kubectl.value, budget.deliver));
    return together([
      ...(found.immutable === true
        ? [
            failed(
              `${where} is immutable`,
              `Delete it and create it again (kubectl delete configmap ${name} -n ${namespace}).`,
            ),
          ]
        : [ok(`${where} exists and may be patched`)]),
      ...ofPatroni(found, await scopeOf(subject), setUp.processEnvironment, where),
      ...ofZabbix(configMap.value, namespace, labels),
    ]);
  },
};

async function scopeOf({ patroni }: Subject): Promise<string | undefined> {
  const node = await patroni?.node().catch(() => undefined);
  return node?.reply.patroni.scope ?? undefined;
}

/** Patroni finds its objects by a label with the scope: `cluster-name` by default and in the Zalando operator, `version` in Spilo. */
const SCOPE_LABELS = ['cluster-name', 'version'];
const SCOPE_LABEL_VARIABLES = ['PATRONI_KUBERNETES_SCOPE_LABEL', 'KUBERNETES_SCOPE_LABEL'];
/** Names of Patroni's own objects are the scope and one of these. */
const OWN_SUFFIXES = ['', '-config', '-leader', '-failover', '-sync'];

/** `patronictl remove` deletes all objects with its labels; Patroni watches them, and may write to those with its names. */
function ofPatroni(
  { metadata: { name, labels = {} } }: PatchedConfigMap,
  scope: string | undefined,
  environment: NodeJS.ProcessEnv,
  where: string,
): Finding[] {
  const known = new Set([...SCOPE_LABELS, ...SCOPE_LABEL_VARIABLES.flatMap((variable) => environment[variable] ?? [])]);
  const suspicious = Object.entries(labels).filter(
    ([label, value]) => known.has(label) && (value === scope || (scope === undefined && label !== 'version')),
  );
  const own = suspicious.map(([label, value]) => `${label}=${value}`);
  const findings: Finding[] = [];
  if (own.length > 0)
    findings.push(
      warning(
        `it has the ${own.length === 1 ? 'label' : 'labels'} ${list(own)}, by which Patroni finds its own objects: "patronictl remove" would delete it`,
        `Remove the label (kubectl label configmap ${name} ${suspicious.map(([label]) => `${label}-`).join(' ')}).`,
      ),
    );
  if (scope !== undefined && OWN_SUFFIXES.some((suffix) => name === `${scope}${suffix}`))
    findings.push(failed(`${where} is named like Patroni's own object of ${scope}`, 'Publish to another ConfigMap.'));
  return findings;
}

/** @param labels of the namespace; undefined = this account may not read them; false = its name hides it already. */
function ofZabbix(
  { name }: ConfigMap,
  namespace: string,
  labels: Record<string, string> | undefined | false,
): Finding[] {
  if (labels === false)
    return [
      warning(
        `Zabbix does not find ${name}: it looks for names that begin with status-postgres- or status-citus-`,
        'If Zabbix is to find it, choose such a name: STATUS_NAME=postgres-main makes status-postgres-main.',
      ),
    ];
  if (labels === undefined)
    return [
      ok(
        `cannot determine whether namespace ${namespace} has the label ${ZABBIX_LABEL}=true, by which Zabbix finds it: this account may not read it`,
      ),
    ];
  if (labels[ZABBIX_LABEL] === 'true') return [ok(`Zabbix finds namespace ${namespace} by its label`)];
  return [
    warning(
      `Zabbix does not find namespace ${namespace}: it lacks the label ${ZABBIX_LABEL}=true`,
      `If Zabbix is to find it, label it (kubectl label namespace ${namespace} ${ZABBIX_LABEL}=true).`,
    ),
  ];
}
