import { main } from './main.ts';

// with NODE_DEBUG in the environment, Node.js prints the environment of children, which holds WAL-G's secrets, by this function
Object.assign(process, { _rawDebug: () => undefined });

void main(process.argv.slice(2), process.env);
