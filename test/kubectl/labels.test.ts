import { expect, test } from 'vitest';
import { mayBeLabels } from '../../src/kubectl/labels.ts';

const CALLING =
  'Error from server (InternalError): Internal error occurred: failed calling webhook "a.b": failed to call webhook: ';

/** Whether a second patch without labels may succeed. */
test.each([
  [
    'a webhook denies it',
    'Error from server (Forbidden): admission webhook "a.b" denied the request: i/o timeout',
    true,
  ],
  [
    'a webhook denies it with a status of its own',
    'Error from server: admission webhook "a.b" denied the request: no',
    true,
  ],
  [
    'a webhook, which may select by labels, is down',
    `${CALLING}dial tcp 10.0.0.1:443: connect: connection refused`,
    true,
  ],
  ['a webhook does not answer in time', `${CALLING}context deadline exceeded`, false],
  [
    'a policy denies it',
    `The configmaps "a" is invalid: : ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression`,
    true,
  ],
  [
    'a label is invalid',
    'The ConfigMap "a" is invalid: metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters',
    true,
  ],
  [
    'it is immutable',
    'The ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    false,
  ],
  ['it is too large', 'The ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes', false],
  [
    'the request is too large',
    'Error from server (RequestEntityTooLarge): Request entity too large: limit is 3145728',
    false,
  ],
  [
    'the role lacks the verb',
    'Error from server (Forbidden): configmaps "a" is forbidden: User "u" cannot patch resource "configmaps" in API group "" in the namespace "db"',
    false,
  ],
  ['an admission plugin', 'Error from server (Forbidden): configmaps "a" is forbidden: label b is reserved', true],
  ['it does not exist', 'Error from server (NotFound): configmaps "a" not found', false],
  ['the token has expired', 'error: You must be logged in to the server (Unauthorized)', false],
  ['no answer in time', 'Error from server (Timeout): the server was unable to return a response', false],
  [
    'no API server',
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
    false,
  ],
  ['no message', '', false],
])('%s', (_, stderr, worthIt) => {
  const finished = { status: 1, signal: null, stdout: '', stderr, timedOut: false, overflowed: false };
  expect(mayBeLabels(finished)).toBe(worthIt);
  expect(mayBeLabels({ ...finished, timedOut: true })).toBe(false);
});
