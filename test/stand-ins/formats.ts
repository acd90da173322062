import type { Judged } from '../../src/document/cluster.ts';
import { type Format, type Rendering, Writer } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json.ts';
import { nagios } from '../../src/formats/nagios.ts';
import { prometheus } from '../../src/formats/prometheus.ts';
import { report } from '../../src/formats/report.ts';
import { yaml } from '../../src/formats/yaml.ts';
import { zabbix } from '../../src/formats/zabbix.ts';
import { zabbixSender } from '../../src/formats/zabbix-sender.ts';
import { NOW } from './builders.ts';

/** What a pipe gets. */
const usual: Rendering = {
  columns: 80,
  colour: false,
  indented: false,
  now: NOW,
  walgCompat: false,
  details: undefined,
  isList: false,
};

/** The text of clusters that are already judged. */
export function textOf(format: Format, clusters: readonly Judged[], { now, ...style }: Rendering): string {
  const writer = new Writer(format, style);
  return writer.text(
    clusters.map((cluster) => writer.take(cluster, now)),
    style,
  );
}

function written(format: Format) {
  return (clusters: readonly Judged[], rendering: Partial<Rendering> = {}): string =>
    textOf(format, clusters, { ...usual, ...rendering });
}

export const formatJson = written(json);
export const formatNagios = written(nagios);
export const formatPrometheus = written(prometheus);
export const formatReport = written(report);
export const formatYaml = written(yaml);
export const formatZabbix = written(zabbix);
export const formatZabbixSender = written(zabbixSender);
