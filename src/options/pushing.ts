import type { Pushed } from '../deliveries/delivery.ts';
import type { Ping } from '../deliveries/ping.ts';
import { UsageError } from '../errors.ts';
import { readBounded, whyUnreadable } from '../system/bounded-file.ts';
import type { Arguments } from './command.ts';
import { longFlag, type OptionName, variableName } from './definitions.ts';
import { understand, type LookUp } from './look-up.ts';
import { parsePingUrl, parsePushgateway, withoutUserInfo } from './push-urls.ts';

/** What a run calls besides Kubernetes. */
export interface Pushing {
  pushgateway: Pushed | undefined;
  ping: Ping | undefined;
  /** What must not be shown of these URLs. */
  secrets: readonly string[];
}

/**
 * The URLs of --pushgateway and --ping: from the command line, which other users of the host can see and which therefore holds no user
 * info; from their variables, or from the files that are named instead. `live`: the run collects; nothing is pushed of saved documents.
 * @throws UsageError that shows no URL.
 */
export function resolvePushing(lookUp: LookUp, args: Arguments, proxies: NodeJS.ProcessEnv, live: boolean): Pushing {
  if (!live) {
    refuseFlags(args);
    return { pushgateway: undefined, ping: undefined, secrets: [] };
  }
  const pushgateway = resolveUrl(lookUp, args, 'pushgateway', 'pushgatewayFile', parsePushgateway);
  const ping = resolveUrl(lookUp, args, 'ping', 'pingFile', parsePingUrl);
  return {
    pushgateway: pushgateway && { to: 'pushgateway', url: pushgateway.url, proxies },
    ping: ping && { url: ping.url, proxies },
    secrets: [pushgateway, ping].flatMap((each) => each?.secrets ?? []),
  };
}

/** The variables may be set for the runs that collect on this host. */
function refuseFlags(args: Arguments): void {
  for (const name of ['pushgateway', 'pushgatewayFile', 'ping', 'pingFile'] as const)
    if (args[name] !== undefined)
      throw new UsageError(`${longFlag(name)} needs a run that collects: nothing is pushed of documents that are read`);
}

interface Secret {
  url: URL;
  secrets: readonly string[];
}

function resolveUrl(
  { option }: LookUp,
  args: Arguments,
  name: OptionName,
  file: OptionName,
  parse: (text: string) => Secret,
): Secret | undefined {
  const fromFile = (path: string) => understand(readUrl(path, file), parse, `the content of ${longFlag(file)} ${path}`);
  const flags = [name, file].filter((each) => args[each] !== undefined);
  if (flags.length > 1) throw new UsageError(`${longFlag(name)} and ${longFlag(file)} cannot be combined`);
  // a flag overrides both variables
  const url = flags[0] === file ? undefined : option(name, parse, (text) => parse(withoutUserInfo(text)));
  const path = flags[0] === name ? undefined : option(file, String);
  if (url !== undefined && path !== undefined)
    throw new UsageError(`${variableName(name)} and ${variableName(file)} are both set: leave one of them out`);
  return path === undefined ? url : fromFile(path);
}

const MOST_BYTES = 8192;

function readUrl(path: string, file: OptionName): string {
  try {
    return readBounded(path, MOST_BYTES).toString('utf8').trim();
  } catch (error) {
    throw new UsageError(`${longFlag(file)} ${path} cannot be read (${whyUnreadable(error)})`);
  }
}
