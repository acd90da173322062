import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { momentOf, position, type SavedDocument } from './from-document.ts';
import type { Moment, Replies } from './moment.ts';
import { recorded, RECORDINGS } from './recorded.ts';

/**
 * One observation on a time line. The reply of the asked member is in the document of that run; `log` has the state of each other member,
 * such as `pg1=primary/running/-/tl2`. A member that is not named there refused the connection.
 */
export function lookOf(line: string, look: string): Moment {
  const folder = join(RECORDINGS, line);
  const document = JSON.parse(readFileSync(join(folder, `${look}.json`), 'utf8')) as SavedDocument;
  // the storage of one minute later
  const moment = momentOf(document, recorded('04-after-failover-host-dead').walg.show);
  const others = selves(readFileSync(join(folder, 'log'), 'utf8'), look).filter(
    ({ name }) => name !== document.node.name,
  );
  const members: Record<string, Replies> = { ...moment.members };
  for (const other of others) members[other.name] = repliesOf(other, others, document);
  return { ...moment, members };
}

interface Self {
  name: string;
  role: string;
  state: string;
  /** `-` if it does not replicate. */
  replication: string;
  timeline: number | undefined;
}

function selves(log: string, look: string): Self[] {
  const line = new RegExp(`^## ${look} .*\\n +self: +(.*)$`, 'm').exec(log)?.[1] ?? '';
  return line
    .trim()
    .split(/ (?=\w+=)/)
    .map((word) => {
      const [name = '', told = ''] = word.split('=');
      const [role = '', state = '', replication = '', timeline = ''] = told.split('/');
      return { name, role, state, replication, timeline: Number(timeline.replace('tl', '')) || undefined };
    });
}

function repliesOf(self: Self, others: readonly Self[], document: SavedDocument): Replies {
  const { node, cluster_status: cluster } = document;
  const leads = self.role === 'primary';
  const lsn = position(typeof node['lsn'] === 'string' ? node['lsn'] : '0/140000A0');
  const asked: Self = {
    name: node.name,
    role: node.role,
    state: String(node['state']),
    replication: String(node['replication_state']),
    timeline: Number(node['timeline']),
  };
  const streaming = [...others, asked].filter(({ replication }) => replication === 'streaming');
  return {
    patroni: {
      state: self.state,
      role: self.role,
      dcs_last_seen: document.current_timestamp - 1,
      database_system_identifier: node['system_identifier'],
      server_version: 150018,
      ...(self.timeline !== undefined && {
        timeline: self.timeline,
        xlog: leads ? { location: lsn } : { received_location: lsn, replayed_location: lsn, paused: false },
      }),
      ...(self.replication !== '-' && { replication_state: self.replication }),
      ...(leads && streaming.length > 0 && { replication: streaming.map(({ name }) => sender(name)) }),
      patroni: { version: '4.1.5', scope: 'demo', name: self.name },
    },
    cluster,
  };
}

function sender(name: string): object {
  return {
    usename: 'replicator',
    application_name: name,
    client_addr: '127.0.0.1',
    state: 'streaming',
    sync_state: 'async',
    sync_priority: 0,
  };
}
