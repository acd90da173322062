import { main } from './main.ts';

// if NODE_DEBUG is set, Node.js calls this function to print the environment of children, which contains WAL-G's secrets
Object.assign(process, { _rawDebug: () => undefined });

// the first access to Node.js' own `performance` loads all of node:perf_hooks; this program and ky only need the time since the start
Object.assign(globalThis, { performance: { now: () => process.uptime() * 1000 } });

void main(process.argv.slice(2), process.env);
