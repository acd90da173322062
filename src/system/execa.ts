import { NO_STREAM } from './output.ts';

let loaded: Promise<typeof import('execa')> | undefined;

/**
 * execa reads process.stdin, stdout and stderr when it is loaded and at each call. The first access makes Node.js set O_NONBLOCK on the
 * pipe or terminal (`ioctl(1, FIONBIO)` in strace), which other processes share (2>&1, the shell's other children). execa does not need
 * the streams here, because every child has its own pipes: so it sees placeholders.
 */
export function loadExeca(): Promise<typeof import('execa')> {
  return (loaded ??= load());
}

async function load(): Promise<typeof import('execa')> {
  const restore = hideStandardStreams();
  try {
    return await import('execa');
  } finally {
    restore();
  }
}

/** Calls it while placeholders stand in for the standard streams. */
export function withoutStandardStreams<Result>(call: () => Result): Result {
  const restore = hideStandardStreams();
  try {
    return call();
  } finally {
    restore();
  }
}

function hideStandardStreams(): () => void {
  const real = (['stdin', 'stdout', 'stderr'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name] of real)
    Object.defineProperty(process, name, { value: NO_STREAM, configurable: true, enumerable: true });
  return () => {
    for (const [name, descriptor] of real) if (descriptor) Object.defineProperty(process, name, descriptor);
  };
}
