import type { Destination, Means, Texts } from './delivery.ts';
import { print } from './stdout.ts';

/**
 * Delivers to one destination. Deliveries run concurrently. Each is loaded when it is used: the random name of a file needs node:crypto,
 * which most runs do not.
 */
export async function deliver(texts: Texts, destination: Destination, means: Means): Promise<void> {
  switch (destination.to) {
    case 'configmap':
      return (await import('./configmap.ts')).publishConfigMap(texts, destination, means);
    case 'pushgateway':
      return (await import('./pushgateway.ts')).push(texts, destination, means);
    case 'file':
      return (await import('./file.ts')).writeOutput(texts, destination, means);
    case 'stdout':
      return print(texts, destination, means);
  }
}
