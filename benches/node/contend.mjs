// Verifies requests in two worker threads that share a replay file, while another program counts the system
// calls.
// Usage: contend.mjs REQUESTS

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Workers } from './workers.mjs';

const folder = mkdtempSync('/dev/shm/bench-');
const workers = new Workers(2);
const file = join(folder, 'shared');
await workers.wall([file, file], Number(process.argv[2]));
await workers.stop();
rmSync(folder, { recursive: true });
