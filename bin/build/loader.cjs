// The entry point of an executable with a code cache: compiles the program with that cache.
// (SEA's own useCodeCache contains only functions that are compiled before the first run, not those that the run calls.)
const { getAsset, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

// a cache with the functions of both kinds of run would cost each of them some milliseconds
const isReading = process.argv.some((argument) => argument.startsWith('--from'));
const program = new Script(getAsset('program', 'utf8'), {
  filename: 'postgres-status.cjs',
  cachedData: new Uint8Array(getRawAsset(isReading ? 'code-cache-reading' : 'code-cache')),
});
program.runInThisContext()(require, module, exports);
