// node cache-writer.cjs PROGRAM CACHE ARGUMENT...: runs the program as the loader does and, when it has
// finished, writes V8's code cache: the bytecode of the functions that were called in this run or are in the cache already.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

const [programFile, cacheFile] = process.argv.splice(2, 2);
const program = new Script(readFileSync(programFile, 'utf8'), {
  filename: 'postgres-status.cjs',
  ...(existsSync(cacheFile) && { cachedData: readFileSync(cacheFile) }),
});
process.on('exit', () => writeFileSync(cacheFile, program.createCachedData()));
program.runInThisContext()(require, module, exports);
