import { publishConfigMap } from './configmap.ts';
import { writeOutput } from './file.ts';
import type { Delivery } from './delivery.ts';
import { print } from './stdout.ts';

/** Every delivery; those that are asked for begin in this order and run at the same time, none waits for another. */
export const deliveries: readonly Delivery[] = [publishConfigMap, writeOutput, print];
