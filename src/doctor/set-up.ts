import type { CollectorName } from '../collectors/index.ts';
import type { ConfigMap, KubectlSettings } from '../kubectl/settings.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import type { Tls } from '../patroni/tls.ts';
import type { WalgEnvironment } from '../walg/environment.ts';
import type { WalgSettings } from '../walg/program.ts';

/** A part of the settings, or why there is none. */
export type Part<Value> = { value: Value; fault?: undefined } | { value?: undefined; fault: string };

/** The settings of a run, resolved part by part: a fault in one of them does not hide the others. */
export interface SetUp {
  /** What is wrong with options and variables; those have their defaults below. */
  faults: readonly string[];
  /** Variables that look like those of options but are not: misspelt, or of another version. */
  unknownVariables: readonly string[];
  /** Other secrets: URLs to push to. */
  secrets: readonly string[];
  /** Milliseconds. */
  timeout: number;
  collectors: readonly CollectorName[];
  environment: Part<WalgEnvironment>;
  /** If the WAL-G environment cannot be read: with the process environment alone. */
  walg: WalgSettings;
  patroni: { urls: Part<readonly URL[]>; tls: Part<Tls>; leaderApi: PatroniSettings['leaderApi'] };
  /** undefined = nothing is published. */
  publishing: Publishing | undefined;
  publishFrom: 'leader' | 'any';
  /** Of the process. */
  processEnvironment: NodeJS.ProcessEnv;
  /** How the report is shown. */
  format: 'text' | 'json';
  color: 'always' | 'never' | 'auto';
  verbose: boolean;
  /** What to do about a message of this program, from the table of the manual page. */
  remedyFor: (message: string) => string | undefined;
}

export interface Publishing {
  /** undefined = its name may be in the WAL-G environment, which cannot be read. */
  configMap: Part<ConfigMap> | undefined;
  kubectl: Part<KubectlSettings>;
  /** By --kubectl, not found on PATH. */
  isKubectlGiven: boolean;
}
