import { main } from './main.ts';

// NODE_DEBUG in the environment would make Node.js print what it starts children with, WAL-G's secrets among it; this is what it prints with
Object.assign(process, { _rawDebug: () => undefined });

void main(process.argv.slice(2), process.env);
