import { afterAll } from 'vitest';

/** Registers components that are stopped at the end of the test file, in reverse order. */
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
