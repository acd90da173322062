let loaded: Promise<typeof import('execa')> | undefined;

/**
 * execa looks at process.stdin, stdout and stderr when it is loaded and each time it is called, and with the first look Node.js sets
 * O_NONBLOCK on a pipe or terminal that others share (2>&1, the shell's other children; `ioctl(1, FIONBIO)` in strace). It needs none
 * of them here: every child has pipes of its own. So it gets to see others.
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

/** Calls it without the standard streams. */
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
    Object.defineProperty(process, name, { value: { isTTY: false }, configurable: true, enumerable: true });
  return () => {
    for (const [name, descriptor] of real) if (descriptor) Object.defineProperty(process, name, descriptor);
  };
}
