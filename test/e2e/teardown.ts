import { afterAll } from 'vitest';

/** Ends what it was given, the last one first, when the test file is over, whatever has been started by then. */
export function endAfterwards(): <Component extends { end: () => Promise<unknown> }>(
  component: Component,
) => Component {
  const started: { end: () => Promise<unknown> }[] = [];
  afterAll(async () => {
    for (const component of started.reverse()) await component.end();
  });
  return (component) => {
    started.push(component);
    return component;
  };
}
