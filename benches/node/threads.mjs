// Compares two worker threads that share a replay file with two worker threads that share nothing.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './harness.mjs';
import { Workers } from './workers.mjs';

const PER_ROUND = 4000;

export async function verify(rounds) {
  const folder = mkdtempSync('/dev/shm/bench-');
  const [one, two] = [new Workers(1), new Workers(2)];
  let number = 0;
  const file = () => join(folder, String((number += 1)));
  const subject = (workers, isShared) => async () => {
    const first = file();
    const files = Array.from({ length: workers.count }, (_, at) => (isShared || at === 0 ? first : file()));
    const taken = await workers.wall(files, PER_ROUND);
    for (const used of new Set(files)) rmSync(used);
    return taken;
  };
  await run('threads-node', rounds, {
    'two threads': subject(two, true),
    'one thread': subject(one, true),
    'two threads that share nothing': subject(two, false),
  });
  await Promise.all([one.stop(), two.stop()]);
  rmSync(folder, { recursive: true });
}
