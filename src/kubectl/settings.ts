/** How to run `kubectl`; undefined = its own default. */
export interface KubectlSettings {
  /** The path of the program. */
  program: string;
  /** The process environment, which credential plugins need, without the variables of WAL-G and Patroni. */
  environment: NodeJS.ProcessEnv;
  context: string | undefined;
  kubeconfig: string | undefined;
}

/** The ConfigMap to patch. */
export interface ConfigMap {
  name: string;
  /** undefined = that of the context or the service account. */
  namespace: string | undefined;
}
