/** How `kubectl` is to be run; undefined = its own default. */
export interface KubectlSettings {
  /** The path of the program. */
  program: string;
  /** The process environment, which credential plugins need, without what is WAL-G's or Patroni's. */
  environment: NodeJS.ProcessEnv;
  context: string | undefined;
  kubeconfig: string | undefined;
}

/** Which ConfigMap. */
export interface ConfigMap {
  name: string;
  /** undefined = the one of the context or the service account. */
  namespace: string | undefined;
}
