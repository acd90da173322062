import { expect, test, vi } from 'vitest';
import { terminalProgress } from '../../src/system/progress.ts';

test('one line for each collector with its duration, redrawn in place and cleared at the end', () => {
  vi.useFakeTimers();
  try {
    let written = '';
    let time = 0;
    const progress = terminalProgress(
      ['patroni', 'walg_verify'],
      (text) => (written += text),
      () => time,
    );
    time = 150;
    vi.advanceTimersByTime(100);
    expect(written).toBe('\u001b[2Kpatroni        0.1 s  …\n\u001b[2Kwalg_verify    0.1 s  …\n');
    written = '';
    time = 200;
    progress.ended('patroni', true);
    time = 12_345;
    progress.ended('walg_verify', false);
    vi.advanceTimersByTime(100);
    expect(written).toBe('\u001b[2A\r\u001b[2Kpatroni        0.2 s  done\n\u001b[2Kwalg_verify   12.3 s  failed\n');
    written = '';
    progress.stop();
    expect(written).toBe('\u001b[2A\r\u001b[J');
    written = '';
    vi.advanceTimersByTime(1000);
    expect(written).toBe('');
  } finally {
    vi.useRealTimers();
  }
});

test('a short run shows nothing', () => {
  let written = '';
  terminalProgress(['patroni'], (text) => (written += text)).stop();
  expect(written).toBe('');
});
