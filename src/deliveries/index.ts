import { publishConfigMap } from './configmap.ts';
import { writeOutput } from './file.ts';
import type { Destination, Means, Texts } from './delivery.ts';
import { print } from './stdout.ts';

/** Delivers to one destination. Deliveries run concurrently. */
export function deliver(texts: Texts, destination: Destination, means: Means): Promise<void> {
  switch (destination.to) {
    case 'configmap':
      return publishConfigMap(texts, destination, means);
    case 'file':
      return writeOutput(texts, destination, means);
    case 'stdout':
      return print(texts, destination, means);
  }
}
