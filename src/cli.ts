import { main } from './main.ts';

// with NODE_DEBUG in the environment, Node.js prints the environment of children, which holds WAL-G's secrets, by this function
Object.assign(process, { _rawDebug: () => undefined });

// the first access to Node.js' own `performance` loads all of node:perf_hooks; this program, and ky, need the time since the start alone
Object.assign(globalThis, { performance: { now: () => process.uptime() * 1000 } });

void main(process.argv.slice(2), process.env);
