/**
 * For `node --import`: at the end of the process, writes a list of the loaded modules, files and built-in ones, to the file
 * MODULES_LOADED.
 */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const files: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    files.push(url);
    return nextLoad(url, context);
  },
});

process.on('exit', () => {
  const { moduleLoadList = [] } = process as { moduleLoadList?: string[] };
  const builtins = moduleLoadList.flatMap((name) => /^NativeModule (.*)$/.exec(name)?.[1] ?? []);
  writeFileSync(process.env['MODULES_LOADED'] ?? '', JSON.stringify({ files, builtins }));
});
