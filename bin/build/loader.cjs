// What starts inside an executable that carries a code cache: compiles the program with that cache.
// (SEA's own useCodeCache holds only what is compiled before the first run, not what the run calls.)
const { getAsset, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const program = new Script(getAsset('program', 'utf8'), {
  filename: 'postgres-status.cjs',
  cachedData: new Uint8Array(getRawAsset('code-cache')),
});
program.runInThisContext()(require, module, exports);
