import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const RULES = new URL('../../examples/alerts.rules.yaml', import.meta.url);

const HEAD = `# Generated from alerts.rules.yaml (npm run format): the same rules for the Prometheus Operator. Add your namespace, and
# the labels that the ruleSelector of your Prometheus requires, such as "release: kube-prometheus-stack".
`;

/** The alerting rules as a PrometheusRule, without their comments. */
export function prometheusRule(): string {
  const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: unknown };
  const manifest = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'postgres-status', labels: { 'app.kubernetes.io/name': 'postgres-status' } },
    spec: { groups },
  };
  return `${HEAD}${stringify(manifest, { lineWidth: 0 })}`;
}
