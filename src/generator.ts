import manifest from '../package.json' with { type: 'json' };

/** The program that makes the documents. */
export const generator = { name: manifest.name, version: manifest.version };
