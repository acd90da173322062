import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePorts, run, startDaemon, tail, until, type Daemon } from './processes.ts';

export type Zabbix = Awaited<ReturnType<typeof startZabbix>>;

/** The folder in which packages of another version of Zabbix are unpacked; '' = those that are installed (test/e2e/setup.ts). */
const ROOT = process.env['POSTGRES_STATUS_E2E_ZABBIX'] ?? '';
const LIBRARIES = ROOT === '' ? {} : { LD_LIBRARY_PATH: join(ROOT, 'usr/lib/x86_64-linux-gnu') };

/** A real Zabbix server with its PostgreSQL and the API of its frontend, on loopback and below `folder`. */
export async function startZabbix(folder: string) {
  const [programs = '', loaded = ''] = inject('zabbixDatabase').split(' ');
  const [database = 0, server = 0, web = 0] = await freePorts(3);
  const within = (name: string) => join(folder, name);
  for (const name of ['log', 'www']) mkdirSync(within(name), { recursive: true });
  await run(['/bin/chmod', '777', folder, within('log')]);
  await run(['/bin/cp', '--archive', '--reflink=auto', loaded, within('postgresql')]);
  const daemons: Daemon[] = [];
  const start = (
    name: string,
    command: string[],
    user: string | undefined,
    environment: Readonly<Record<string, string>> = {},
  ) => {
    const daemon = startDaemon(command, {
      ...(user !== undefined && { user }),
      environment,
      log: within(`${name}.log`),
    });
    daemons.push(daemon);
    return daemon;
  };
  async function end(): Promise<void> {
    for (const daemon of daemons.reverse()) await daemon.end('SIGINT');
  }

  writeFileSync(within('server.conf'), serverSettings(folder, { database, server }));
  preparePhp(within('www'), { database, server });
  try {
    const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1'];
    start(
      'postgresql',
      [
        ...[join(programs, 'postgres'), '-D', within('postgresql'), '-p', String(database), '-k', within('log')],
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      'postgres',
    );
    await until('a PostgreSQL that answers', () =>
      run([join(programs, 'pg_isready'), '-h', '127.0.0.1', '-p', String(database)]),
    );
    // noon on its clock: some triggers of the template of before ring by day alone
    const environment = { ...LIBRARIES, TZ: `NOON${String(new Date().getUTCHours() - 12)}` };
    const command = [`${ROOT}/usr/sbin/zabbix_server`, '--foreground', '--config', within('server.conf')];
    start('server', command, 'zabbix', environment);
    const limits = ['max_execution_time=300', 'memory_limit=256M', 'post_max_size=16M', 'display_errors=0'];
    const php = ['/usr/bin/php', ...limits.flatMap((limit) => ['-d', limit])];
    start('php', [...php, '-t', within('www'), '-S', `127.0.0.1:${String(web)}`], undefined);
    await until('the API of Zabbix', () => ask('apiinfo.version', {}, null));
    await until(
      'a Zabbix server that has read its configuration',
      () => readFileSync(within('log/server.log'), 'utf8').includes('[configuration syncer') || undefined,
    );
  } catch (error) {
    await end();
    throw new Error(`Zabbix did not start\n${tail(within('server.log'))}`, { cause: error });
  }

  let token: string | null = null;

  async function ask(method: string, params: unknown, auth = token): Promise<unknown> {
    // not fetch: the client of Patroni, which makes the documents of this test, takes ReadableStream away
    const url = `http://127.0.0.1:${String(web)}/api_jsonrpc.php`;
    const { stdout } = await run(
      ['/usr/bin/curl', '--silent', '--header', 'Content-Type: application/json-rpc', '--data-binary', '@-', url],
      { input: JSON.stringify({ jsonrpc: '2.0', method, params, id: 1, ...(auth !== null && { auth }) }) },
    );
    const { result, error } = JSON.parse(stdout) as { result: unknown; error?: { data: string } };
    if (error !== undefined) throw new Error(`${method}: ${error.data}`);
    return result;
  }
  token = (await ask('user.login', { username: 'Admin', password: 'zabbix' })) as string;
  await ask('settings.update', { default_inventory_mode: '-1' });

  const version = (await ask('apiinfo.version', {}, null)) as string;
  // since 7.0 the server, not the agent, says after how long a command is too slow: 3 s, which the script of before needs for 13 clusters
  if (!version.startsWith('6.0')) await ask('settings.update', { timeout_zabbix_agent: '30s' });
  const entities = [
    ...(version.startsWith('6.0') ? ['groups'] : ['host_groups', 'template_groups']),
    'discoveryRules',
    'graphs',
    'items',
    'templateDashboards',
    'templates',
    'triggers',
    'valueMaps',
  ];
  return {
    ask,
    end,
    version,
    port: server,
    /** Imports a template, as a person does who takes the defaults of the form. */
    async importTemplate(file: string): Promise<void> {
      const rules = Object.fromEntries(entities.map((name) => [name, { createMissing: true, updateExisting: true }]));
      await ask('configuration.import', { format: 'yaml', source: readFileSync(file, 'utf8'), rules });
    },
    /** A host with the template, or without one; its id. */
    async createHost(
      host: string,
      template: string | undefined,
      macros: Readonly<Record<string, string>>,
    ): Promise<string> {
      const [group] = (await ask('hostgroup.get', { filter: { name: ['Linux servers'] } })) as { groupid: string }[];
      const named = (await ask('template.get', { filter: { host: [template ?? ''] } })) as { templateid: string }[];
      const created = await ask('host.create', {
        host,
        groups: [{ groupid: group?.groupid }],
        templates: named.map(({ templateid }) => ({ templateid })),
        macros: Object.entries(macros).map(([macro, value]) => ({ macro: `{$POSTGRES_STATUS.${macro}}`, value })),
      });
      return (created as { hostids: [string] }).hostids[0];
    },
    /** A real agent of a host, with these UserParameters; it asks the server for its active checks when it starts, and hears nobody. */
    startAgent(host: string, userParameters: string, environment: Readonly<Record<string, string>>): Daemon {
      const own = (suffix: string) => within(`${host}.${suffix}`);
      writeFileSync(own('userparameters'), userParameters);
      writeFileSync(
        own('conf'),
        [
          `PidFile=${within(`log/${host}.pid`)}\nLogFile=${within(`log/${host}.log`)}\nStartAgents=0`,
          `ServerActive=127.0.0.1:${String(server)}\nHostname=${host}\nTimeout=30\nInclude=${own('userparameters')}\n`,
        ].join('\n'),
      );
      const command = [`${ROOT}/usr/sbin/zabbix_agentd`, '--foreground', '--config', own('conf')];
      return start(host, command, 'zabbix', { ...LIBRARIES, ...environment });
    },
  };
}

function serverSettings(folder: string, ports: { database: number; server: number }): string {
  const processes = {
    ...{ Pollers: 1, PollersUnreachable: 1, Trappers: 2, Pingers: 0, Discoverers: 0, HTTPPollers: 0, Preprocessors: 2 },
    ...{ LLDProcessors: 1, HistoryPollers: 1, ODBCPollers: 0, DBSyncers: 2, Escalators: 1, Timers: 1, Alerters: 1 },
  };
  const settings = {
    ...{ ListenIP: '127.0.0.1', ListenPort: ports.server, SocketDir: join(folder, 'log') },
    ...{ LogFile: join(folder, 'log/server.log'), LogFileSize: 0, PidFile: join(folder, 'log/server.pid') },
    ...{ DBHost: '127.0.0.1', DBPort: ports.database, DBName: 'zabbix', DBUser: 'zabbix' },
    // changes count at once
    ...{ CacheUpdateFrequency: 1, CacheSize: '128M', HistoryCacheSize: '16M' },
  };
  const started = Object.entries(processes).map(([name, number]) => `Start${name}=${String(number)}`);
  return `${[...started, ...Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`)].join('\n')}\n`;
}

/** The frontend as Debian packages it reads its settings from /etc: here from its own folder. */
function preparePhp(folder: string, ports: { database: number; server: number }): void {
  cpSync(`${ROOT}/usr/share/zabbix`, folder, { recursive: true, dereference: true });
  const file = join(folder, 'include/classes/core/CConfigFile.php');
  const settings = join(folder, 'conf/zabbix.conf.php');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('/etc/zabbix/zabbix.conf.php', settings));
  const database = {
    ...{
      TYPE: 'POSTGRESQL',
      SERVER: '127.0.0.1',
      PORT: ports.database,
      DATABASE: 'zabbix',
      USER: 'zabbix',
      PASSWORD: '',
    },
    ...{ SCHEMA: '', KEY_FILE: '', CERT_FILE: '', CA_FILE: '', CIPHER_LIST: '', VAULT_URL: '', VAULT_DB_PATH: '' },
    ...{ VAULT_TOKEN: '', ENCRYPTION: '', VERIFY_HOST: '', DOUBLE_IEEE754: '1' },
  };
  const entries = Object.entries(database).map(([name, value]) => `'${name}' => '${String(value)}'`);
  writeFileSync(
    settings,
    `<?php\n$DB = [${entries.join(', ')}];\n$ZBX_SERVER = '127.0.0.1'; $ZBX_SERVER_PORT = '${String(ports.server)}'; $IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;\n`,
  );
}
